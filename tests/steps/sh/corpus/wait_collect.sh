pids=()
for i in 1 2 3; do ( (( i != 2 )) ) & pids+=($!); done
fail=0
for p in "${pids[@]}"; do wait "$p" || fail=$((fail+1)); done
echo "failed: $fail"
