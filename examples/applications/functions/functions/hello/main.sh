printf '%s' "$INPUT_REQUEST" | jq '
  (.queryStringParameters.name // "world") as $name
  | {
      statusCode: 200,
      headers: {"content-type": "text/plain; charset=utf-8"},
      body: "Hello, \($name)!\n"
    }
' > "$RUNNER_RESULT"
