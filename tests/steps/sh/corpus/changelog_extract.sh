version=1.4.2
awk -v v="$version" '
  /^## \[/ { if (found) exit; if (index($0, "[" v "]")) { found = 1; next } }
  found { print }
' CHANGELOG.md > notes.md
cat notes.md
wc -l < notes.md
