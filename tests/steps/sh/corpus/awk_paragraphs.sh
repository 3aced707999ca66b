awk 'BEGIN { RS = ""; FS = "\n" } { print NR": "$1 " (" NF ")" }' CHANGELOG.md
printf 'a;b;c' | awk 'BEGIN { RS = ";" } { print NR, $0 }'
awk '/### Fixed/{f=1;next} /^$/{f=0} f' CHANGELOG.md
