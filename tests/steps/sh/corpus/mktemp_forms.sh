d=$(mktemp -d); [ -d "$d" ] && echo dir; f=$(mktemp); [ -f "$f" ] && echo file; rm -r "$d" "$f"
t=$(mktemp -d -t build.XXXXXX); [[ ${t##*/} == build.?????? ]] && echo template; rmdir "$t"
l=$(mktemp ./local.XXXX); [[ $l == ./local.???? ]] && echo local; rm "$l"; s=$(mktemp --suffix=.txt); [[ $s == *.txt ]] && echo suffix; rm "$s"
mktemp bad 2>/dev/null || echo "rc $?"
