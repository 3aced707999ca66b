# needs: jq
jq -n --arg name demo --argjson n 3 '{name: $name, n: $n, tags: ["a","b"]}'
jq -nc --arg v "$(cat VERSION)" '{version: $v}'
printf '%s\n' a b c | jq -R . | jq -sc .
printf 'x\ny\n' | jq -Rsc 'split("\n")[:-1]'
ls src/*.js | jq -R -s -c 'split("\n") | map(select(length > 0))'
