printf '%s\n' a b c d | xargs -n 2 echo
ls src/*.js | xargs -I{} basename {} .js
printf 'one\0two words\0' | xargs -0 -n1 echo
echo "a b c" | xargs
printf '' | xargs -r echo never
printf '1\n2\n3\n' | xargs -P 2 -I% sh -c 'echo "item %"' | sort
