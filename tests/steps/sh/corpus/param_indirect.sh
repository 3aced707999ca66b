name=target; target=value
echo "${!name}"
PREFIX_A=1; PREFIX_B=2
echo "${!PREFIX_@}"
declare -n ref=target; ref=changed; echo "$target"
