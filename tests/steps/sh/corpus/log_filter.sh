grep -c ERROR logs/app.log
grep ERROR logs/app.log | awk '{print $NF}' | sort | uniq -c | sort -rn
grep -oE 'code=[0-9]+' logs/app.log | cut -d= -f2 | sort | uniq -c | awk '{print $2": "$1}'
grep -A1 -n WARN logs/app.log
