declare -A n
while read -r _ level _; do n[$level]=$(( ${n[$level]:-0} + 1 )); done < logs/app.log
for k in ERROR INFO WARN; do echo "$k ${n[$k]}"; done
