n=0
try() { n=$((n + 1)); [ $n -ge 3 ]; }
for attempt in 1 2 3 4 5; do
  if try; then echo "succeeded on attempt $attempt"; break; fi
  echo "attempt $attempt failed"
  sleep 0.01
done
