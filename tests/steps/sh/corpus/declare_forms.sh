declare -i n=5; n+=3; echo $n; n="2*4"; echo $n; declare -r c=const; (c=x) 2>/dev/null || echo readonly; declare -l low=ABC; declare -u up=abc; echo $low $up
readonly R=1; declare -p n c; declare -a arr=(1 2); declare -p arr; f() { declare inner=1; declare -g outer=2; }; f; echo "${inner:-none} $outer"; export E=1; declare -p E
declare -F f; declare -f f > /dev/null && echo "f is defined"; unset -f f; declare -F f || echo gone
