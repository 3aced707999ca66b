set +e
grep -q ERROR logs/app.log; echo $?
grep -q NOPE logs/app.log; echo $?
grep x nofile 2>/dev/null; echo $?
grep -s x nofile; echo $?
grep -E '(' VERSION 2>/dev/null; echo $?
