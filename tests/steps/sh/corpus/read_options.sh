printf 'a b  c\n' | { read -r x y; echo "[$x][$y]"; }
printf 'abc' | { read -r -n 2 v; echo "$v"; }
printf 'one;two;' | { read -r -d ';' v; echo "$v"; }
read -r -a arr <<< "p q r"; echo "${arr[2]}"
read -r line <<< '  padded\t '; echo "[$line]"
IFS= read -r line <<< '  kept '; echo "[$line]"
read -r missing < /dev/null || echo "eof $?"
printf 'x\\\ny\n' | { read v; echo "$v"; }
