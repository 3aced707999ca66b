cp -r src s2; echo x >> s2/util.js; touch s2/new.js; rm s2/lib/helper.js
diff -r src s2 || echo "rc $?"; diff -rq src s2 || true; diff -rN src s2 | grep -c '^[<>]' || true
