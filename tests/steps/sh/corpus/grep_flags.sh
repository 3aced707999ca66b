grep -rn TODO src
grep -rlE 'TODO|FIXME' src | sort
grep -L import src/*.js
grep -c '' docs/api.md
grep -v '^#' config/env.example | grep -c =
grep -w db logs/app.log | wc -l
grep -x 'b' letters.txt
grep -io error logs/app.log | sort | uniq -c
grep -F 'parse()' CHANGELOG.md
grep -m1 -n ERROR logs/app.log
grep -q nothing VERSION || echo absent
