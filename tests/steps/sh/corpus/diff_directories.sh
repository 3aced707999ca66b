cp -r src s2; echo x >> s2/util.py; touch s2/new.py; rm s2/lib/helper.py
diff -r src s2 || echo "rc $?"; diff -rq src s2 || true; diff -rN src s2 | grep -c '^[<>]' || true
