# A heading is a line of one to six `#` and a blank, outside of fenced code.
awk '
  /^```/ { is_code = !is_code }
  !is_code && /^##?#?#?#?#? / { level = index($0, " ") - 1; print level "\t" substr($0, level + 2) }
' "$1" | jq -R -n '[inputs | split("\t") | {level: .[0] | tonumber, title: .[1]}]' > "$RUNNER_RESULT"
