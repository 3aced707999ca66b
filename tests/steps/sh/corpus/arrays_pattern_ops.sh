a=(src/a.js src/b.js)
echo "${a[@]##*/}" "${a[@]%.js}" "${a[@]/src/lib}"
echo "${a[@]^^}"
