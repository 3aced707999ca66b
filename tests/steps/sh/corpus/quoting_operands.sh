x=a\ b; echo "$x"; y=\$HOME; echo "$y"; z=a\\b; echo "$z"
echo ${nope:-a\ b} "${nope:-a\"b}" ${nope:-\$x}
p=a/b/c; echo "${p//\//_}" ${p//\//\\} "${p//\//\\}"
[[ "a b" == a\ b ]] && echo yes
case 'a*b' in a\*b) echo star ;; esac
a=(1 2 3); ((a[1]++)); echo "${a[@]}"; ((a[0]+=5)); echo "${a[0]}"; i=2; ((a[i]--)); echo ${a[2]}
declare -A m; ((m[x]++)) || true; ((m[x]+=2)); k=y; ((m[$k]++)) || true; echo ${m[x]} ${m[y]}
e="1 + 2"; echo $((e * 2)) $(($e)); n=08; echo $((10#$n)); h=ff; echo $((16#$h))
let "v = 3 * 2" "v -= 1"; echo $v; let w=v+1; echo $w
s='a\nb'; printf "$s\n"; echo "${s//\\n/-}" "${s//n/\n}"
echo $'a\'b' "a'b" 'a"b'
never() { echo ran >> side-effect; }; v=set; echo "${v:-$(never)}" "${v-$(never)}"; [ -e side-effect ] || echo lazy
prefix='*'; t='*.txt'; echo "${t#"$prefix"}" "${t#$prefix}"
