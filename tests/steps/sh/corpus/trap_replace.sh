trap 'echo first' EXIT
trap 'echo second' EXIT
( trap 'echo inner' EXIT; echo in subshell )
x=$(trap 'echo sub' EXIT; echo val)
echo "$x"
