# needs: jq
jq -c '.include[]' matrix.json
jq -c '[.include[] | select(.os == "linux")]' matrix.json
jq -r '.include | map("\(.os)-\(.node)") | join(",")' matrix.json
echo "matrix=$(jq -c .include matrix.json)" >> "$GITHUB_OUTPUT"
jq '.include | length' matrix.json
