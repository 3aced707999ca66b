# needs: jq
jq --arg v 2.0.0 '.version = $v | del(.private)' package.json > tmp.json && mv tmp.json package.json
cat package.json
jq -S '.scripts += {lint: "eslint ."}' package.json | head -12
