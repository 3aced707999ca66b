grep -n -B1 -A1 'def ' src/util.js
grep -C1 refused logs/app.log | cut -d' ' -f2-3
grep -n -A1 ERROR logs/app.log | cut -c1-30
