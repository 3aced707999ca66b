set -u
a=(); b=(x "y z")
printf '<%s>' ${a[@]+"${a[@]}"}; echo; printf '<%s>' ${b[@]+"${b[@]}"}; echo
printf '<%s>' "${a[@]:-none}"; echo; printf '<%s>' "${b[@]:-none}"; echo
printf '<%s>' "${a[@]-dash}"; echo; printf '<%s>' "${a[@]}"; echo
echo "${#a[@]}" "${a[*]:-empty}" "${b[*]:+has}" "${b[@]:+alt}"
unset c; echo "${c[@]:-gone}" "${c:-g2}" "${c[0]:-g3}"
f() { printf '[%s]' "$@"; echo; }; f "pre${b[@]}post"; f "${b[@]/#/-}"; f "${b[@]/%/.txt}"; f ${b[*]}; f "${b[*]}"
f "${@:-noargs}"; set -- 1 2; f "${@:1}" "${@/1/9}"; f "$@" x
s="a:b:c"; IFS=: read -ra p <<< "$s"; f "${p[@]}"; f "${!p[@]}"
d=([5]=five [2]=two); f "${d[@]}" "${!d[@]}"; d+=(six); f "${!d[@]}"; unset 'd[2]'; f "${d[@]}"
n=(3 1 2); IFS=$'\n' sorted=($(sort <<<"${n[*]}")); unset IFS; f "${sorted[@]}"
declare -A h=([a]=1); f "${h[@]+set}" "${h[b]-unset}" "${h[a]:+yes}"
e=("${b[@]}" tail); f "${e[@]}"; g=( $(echo 1 2) ); f "${g[@]}"; h2=(*.md); f "${h2[@]}"
m=$'l1\nl2'; readarray -t L <<< "$m"; f "${L[@]}"; x="${L[0]}"; f "${x@Q}" "${x@U}"
args=(--flag "v w"); cmd=(printf '(%s)' "${args[@]}"); "${cmd[@]}"; echo
echo "${b[-1]}" "${b[@]:(-1)}" "${#b[1]}" "${b[1]:0:1}" "${b[1]#y }"
[[ " ${b[*]} " == *" x "* ]] && echo contains; [[ ${#a[@]} -eq 0 ]] && echo isempty
[ a \< b ] && echo lt; test b \> a && echo gt; [ "a" == "a" ] && echo eqeq; [ -t 0 ] || echo notty
i=0; arr[i++]=z; arr[i]=w; f "${arr[@]}"; arr[10]=far; f "${#arr[@]}"; z=${arr[i]}; echo $z
