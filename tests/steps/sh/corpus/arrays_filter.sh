files=(src/*.py docs/*.md)
py=()
for f in "${files[@]}"; do [[ $f == *.py ]] && py+=("$f"); done
printf '%s\n' "${py[@]}"
echo "${#files[@]} ${#py[@]}"
