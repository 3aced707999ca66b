awk '{print $2}' logs/app.log | sort -u
awk -F: '{print $1}' <<< 'root:x:0'
awk 'NR==3 {print $NF, NF}' logs/app.log
awk -F, -v OFS=';' 'NR>1 {$1=$1; print}' data.csv | head -2
awk 'END {print NR}' letters.txt
awk '!seen[$0]++' letters.txt
awk 'length > 40' CHANGELOG.md
