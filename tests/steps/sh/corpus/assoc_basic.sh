declare -A color=([apple]=red [plum]=purple)
color[lime]=green
for k in $(printf '%s\n' "${!color[@]}" | sort); do echo "$k=${color[$k]}"; done
echo "${#color[@]}"
[[ -v color[plum] ]] && echo has plum
unset 'color[plum]'
[[ -v color[plum] ]] || echo no plum
