printf '%-12s %6s\n' NAME LINES; for f in src/*.js docs/*.md; do printf '%-12s %6d\n' "${f##*/}" "$(wc -l < "$f")"; done; printf '=%.0s' {1..19}; echo; printf -- '-%.0s' $(seq 5); echo
