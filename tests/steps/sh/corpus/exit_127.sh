set +e
not-a-real-command --flag 2>/dev/null
echo $?
./does/not/exist 2>/dev/null; echo $?
command -v not-a-real-command; echo $?
not-a-real-command-either 2>/dev/null
