echo "short=${GITHUB_SHA:0:8}"
echo "tail=${GITHUB_SHA: -4}"
echo "$GITHUB_SHA" | cut -c1-7
