# shell: awk -f {0}
BEGIN { print "awk as a shell"; exit 4 }
