awk '{ print > ("out_" $1 ".txt") }' letters.txt
ls out_*.txt; cat out_a.txt
awk 'BEGIN { while ((getline line < "VERSION") > 0) print "v:", line }'
awk 'BEGIN { "echo hi from sh" | getline x; print x }'
awk 'BEGIN { print "b\na" | "sort"; close("sort"); print "done" }'
awk 'BEGIN { print "to stderr" > "/dev/stderr"; exit 3 }' 2>/dev/null || echo "rc $?"
awk -v name="$HOME" 'BEGIN { print ENVIRON["CI"], (name != "") }'
awk 'NR==FNR { keep[$1]; next } $1 in keep' <(printf 'a\n') letters.txt
