trap 'echo "exit status $?"' EXIT
echo before
false
echo never
