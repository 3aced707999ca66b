a=(src/a.py src/b.py)
echo "${a[@]##*/}" "${a[@]%.py}" "${a[@]/src/lib}"
echo "${a[@]^^}"
