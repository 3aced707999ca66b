awk -F, 'NR > 1 && $4 == "Berlin" { s += $3 } END { print s }' data.csv
tail -n +2 data.csv | cut -d, -f4 | sort | uniq -c | sed 's/^ *//'
awk -F, 'NR>1 {c[$NF]++} END {for (k in c) print k, c[k]}' data.csv | sort
