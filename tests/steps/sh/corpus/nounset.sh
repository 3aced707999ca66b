set -u
( echo "$NOT_DEFINED" ) 2>/dev/null || echo "unbound: $?"
echo "${NOT_DEFINED:-default}"
a=(); echo "empty: ${a[*]:-none} ${#a[@]}"
for x in "${a[@]}"; do echo "$x"; done
echo "$# $*"
