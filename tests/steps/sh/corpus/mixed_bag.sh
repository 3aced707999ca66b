# shell: bash {0}
f() { exit 3; }; (f); echo "sub $?"; x=$(f); echo "cs $?"
set -e; g() { echo in; return 1; }; if g; then :; fi; g || true; set +e
while IFS='|' read -r a b; do echo "$a-$b"; done <<EOF
1|2
3|4
EOF
for i in "$@"; do :; done; echo "args $#"
printf '%s\n' {1..3} | { mapfile -t z; echo "${z[@]}"; }
a="x"; a+=y; echo $a; declare -A m=(); m+=([k]=v); echo "${m[k]}"
[[ -n $a && ( $a == xy || $a == z ) ]] && echo grouped
echo "${a:0:1}${a:1}" "${a/y/}" "${#a}"
IFS=$'\n'; for l in $(printf 'a b\nc d\n'); do echo "[$l]"; done; unset IFS
cat <<A; cat <<B
first
A
second
B
echo $(( $(echo 3) + ${#a} ))
case "$a" in (xy) echo paren;; esac
if [ -z "$nothing" ]; then echo "empty ok"; elif true; then :; else :; fi
! grep -q zzz VERSION && echo notfound
{ echo grouped; echo two; } | tac
test "$(echo a; echo b)" = $'a\nb' && echo multi
echo "a\\b" 'c\d' "e\"f"
trap 'echo bye' EXIT
v=$(cat <<'X'
literal $v
X
); echo "$v"
echo ${UNDEF-} ${UNDEF:-"a b"} end
t=(a b c); echo "${t[@]: -1}" "${t[@]:0:2}" ${#t[1]}
for ((i=0,j=5; i<j; i++,j--)); do :; done; echo $i $j
echo $'a\tb' | cut -f2; echo "$(<VERSION)"
set -- x y z; echo "${@: -1}" "${@:2}" "$*"; shift 2; echo $1
let i=5*2; echo $i; echo $((i>5?i:0)); (( i % 2 == 0 )) && echo even
p=src/lib/helper.js; echo ${p%%/*} ${p#*/} $(basename ${p%.*})
find . -name "*.js" | sed 's|^\./||' | sort | xargs -n1 dirname | sort -u
exec 2>&1; echo to-stderr >&2
ls -1 | wc -l; echo done | tee /dev/null
select_nothing() { :; }; select_nothing
alias ll='ls'; unalias ll 2>/dev/null; true && false || echo chain
echo "${!m[@]}"; unset m; echo "${m[@]:-gone}"
echo "x=${x:=default}"; y=${x^^}; echo $y; printf '%s %s\n' a b c
sleep 0 & wait $!; echo $?; echo {a,b}.{c,d}; echo "${BASH_REMATCH[0]:-none}"
[ "a" \< "b" ] && echo lt; [[ 1.10 < 1.9 ]] && echo lex; 
read -r first rest < <(echo one two three); echo "$rest"
mkdir -p "d i r/x"; touch "d i r/x/f 1"; for f in "d i r"/*/*; do echo "$f"; done; rm -r "d i r"
echo "pid $(( $$ > 0 ))"; times >/dev/null; umask >/dev/null; ulimit -n >/dev/null; hash -r
echo end; exit 9
