printf '%s' "$INPUT_REQUEST" | jq '
  def answer(status; type; text):
    {statusCode: status, headers: {"content-type": type}, body: text};
  try (
    [(.body // "") | split("\n")[] | select(. != "") | split(",")]
    | group_by(.[0])
    | map({key: .[0][0], value: map(.[1] | tonumber) | add})
    | answer(200; "application/json"; "\(from_entries)\n")
  )
  catch answer(400; "text/plain; charset=utf-8"; "each line is a name, a comma and a number\n")
' > "$RUNNER_RESULT"
