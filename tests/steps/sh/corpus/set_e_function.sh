set -e
f() { false; echo "still here"; }
f || echo "or"
if f; then echo "in if"; fi
f && echo and
echo before
f
echo never
