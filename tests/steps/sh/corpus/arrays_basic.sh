a=(one "two words" three)
a+=(four)
echo "${#a[@]} ${a[1]} ${a[-1]}"
for x in "${a[@]}"; do echo "<$x>"; done
echo "${a[*]}" "${!a[@]}"
unset 'a[0]'; echo "${!a[@]} ${#a[@]}"
b=("${a[@]:1:2}"); printf '%s|' "${b[@]}"; echo
