echo $((7 / 2)) $((7 % 3)) $((2 ** 10)) $((-7 / 2)) $((1 << 4)) $((0xff)) $((010)) $((2#101))
i=5; ((i++)); ((i += 3)); echo $i $((i > 8 ? 1 : 0)) $((i & 1)) $((~0)) $((!0))
let "j = i * 2" "j -= 1"; echo $j; a=(1 2 3); echo $((a[1] + a[2]))
((0)) || echo "zero is false"; x=3; y=x; echo $((y + 1)); echo $(( (1 + 2) * 3 ))
for ((k = 0; k < 3; k++)); do printf '%d ' $k; done; echo; while ((x--)); do printf "%s " "$x"; done; echo
