printf '2\n' | { select x in alpha beta; do echo "picked $x"; break; done 2>/dev/null; }
