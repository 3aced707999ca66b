# needs: jq
set +e
echo '{}' | jq '.a.b.c'; echo "rc $?"
echo '[1]' | jq '.a' 2>/dev/null; echo "rc $?"
jq -n 'error("x")' 2>/dev/null; echo "rc $?"
jq . nofile.json 2>/dev/null; echo "rc $?"
echo 'null' | jq -e . ; echo "rc $?"
jq -n '"halt" | halt_error(3)' 2>/dev/null; echo "rc $?"
