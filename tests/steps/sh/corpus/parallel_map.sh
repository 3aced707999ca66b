work() { echo "$1 squared is $(( $1 * $1 ))" > "out.$1"; }; for i in 1 2 3 4; do work $i & done; wait; cat out.*; rm out.*
