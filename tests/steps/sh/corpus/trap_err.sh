set -E
trap 'echo "error: status $?"' ERR
f() { ls /definitely/missing 2>/dev/null; }
f || echo handled
if ! false; then echo fine; fi
f
echo never
