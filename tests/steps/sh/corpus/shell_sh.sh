# shell: sh -e {0}
echo "posix ${BASH:-none}"; [ a = a ] && echo ok; x=$(echo hi); echo "$x"; for i in 1 2; do echo $i; done
false | true; echo "no pipefail"; case abc in a*) echo match ;; esac; f() { echo "f $1"; }; f arg
printf '%s\n' "$((3 * 4))"; set -- a b; echo "$# $2"; shift; echo "$1"; false; echo never
