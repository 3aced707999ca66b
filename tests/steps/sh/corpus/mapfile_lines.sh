mapfile -t lines < letters.txt
echo "${#lines[@]} ${lines[0]} ${lines[3]}"
readarray -t sorted < <(sort letters.txt)
printf '%s,' "${sorted[@]}"; echo
mapfile -t -s 1 -n 2 some < letters.txt; echo "${some[@]}"
mapfile -d '' -t parts < <(printf 'a\0b\0'); echo "${#parts[@]}"
