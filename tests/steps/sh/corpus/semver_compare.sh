newest=$(printf '%s\n' 1.10.0 1.9.3 1.2.10 1.10.0-rc1 | sort -V | tail -n1)
echo "newest: $newest"
ge() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" = "$2" ]; }
ge 1.10 1.9 && echo yes || echo no
ge 1.2 1.9 && echo yes || echo no
