set +e
(exit 3) & a=$!
(sleep 0.01; exit 0) & b=$!
wait $a; echo "a: $?"
wait $b; echo "b: $?"
