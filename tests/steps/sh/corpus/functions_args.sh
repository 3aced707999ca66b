f() { echo "$# $1 ${2:-none} $*"; shift; echo "$@"; set -- a b; echo "$1$2"; }
f one two three
f solo
