awk 'BEGIN { for (i = 1; i <= 3; i++) printf "%d:%s ", i, i * i; print "" }'
awk -F, 'NR>1 { t[$NF] += $(NF-1) } END { for (c in t) printf "%-8s %6.2f\n", c, t[c] }' data.csv | sort
awk '/^\[/{s=substr($0,2,length($0)-2); next} /=/{split($0,a," = "); print s"."a[1]"="a[2]}' config/app.ini
echo "a-b-c" | awk '{ n = split($0, p, "-"); print n, p[1], p[n] }'
awk 'function f(x) { return x * 2 } BEGIN { print f(21), toupper("abc"), substr("hello", 2, 3), index("hello", "l") }'
awk 'BEGIN { s = "foo bar foo"; gsub(/foo/, "[&]", s); print s; sub(/bar/, "X", s); print s }'
awk 'BEGIN { if (match("abc123", /[0-9]+/)) print RSTART, RLENGTH }'
awk 'BEGIN { printf "%05.1f|%x|%c|%s|%e\n", 3.14159, 255, "A", "s", 12345.678 }'
