echo "nested $(echo "inner $(echo "deep")")"; echo `echo back`; echo "a
b"; printf '%s\n' "\\" '\' "\n"
echo "$((1+1))" "${PWD##*/}" "cost: \$5" 'no $expansion'; echo a"b"'c'd
x='a b'; y="$x"; z=$x; echo "$y|$z"; echo "${x// /\\ }"
echo -e 'a\tb\n\x41'; echo -n no newline; echo; echo -E 'a\tb'
