{
  echo "name=demo"
  echo "count=$(ls src | wc -l | tr -d ' ')"
} >> "$GITHUB_OUTPUT"
cat "$GITHUB_OUTPUT"
