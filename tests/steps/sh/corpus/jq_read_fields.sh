# needs: jq
jq -r .version package.json
jq -r '.scripts | keys[]' package.json
jq -e '.missing' package.json > /dev/null || echo "missing: $?"
jq -r '.dependencies | to_entries[] | "\(.key)@\(.value)"' package.json
jq '.scripts.build' package.json
