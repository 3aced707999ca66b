printf 'ABC\n' | od -c; printf 'ABC' | od -An -tx1; printf '\1\2' | od -An -td1; printf 'hello' | od -A x -t x1z | head -1 | cut -c1-22
