work=$(mktemp -d)
trap 'rm -rf "$work"; echo cleaned' EXIT
touch "$work/a" "$work/b"
ls "$work"
