files=(src/*.js docs/*.md)
py=()
for f in "${files[@]}"; do [[ $f == *.js ]] && py+=("$f"); done
printf '%s\n' "${py[@]}"
echo "${#files[@]} ${#py[@]}"
