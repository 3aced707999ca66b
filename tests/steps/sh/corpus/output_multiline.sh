{
  echo 'notes<<EOF_NOTES'
  grep '^- ' CHANGELOG.md
  echo 'EOF_NOTES'
} >> "$GITHUB_OUTPUT"
echo "TOOL_HOME=$HOME/tool" >> "$GITHUB_ENV"
echo "$HOME/tool/bin" >> "$GITHUB_PATH"
