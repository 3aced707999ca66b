v="a  b c"; printf '<%s>' $v; echo; printf '<%s>' "$v"; echo
set -- $v; echo $#; IFS=:; p="x:y::z"; set -- $p; echo "$# $3|$4"; IFS=$' \t\n'
cmd="echo one two"; $cmd; args=(-n "x y"); echo "${args[@]}"; echo
f="file with spaces.txt"; wc -l < "$f"; cat -- "$f" | head -1
q='single "double"'; echo "$q"; echo 'it'\''s' "a\$b" a\ b $'tab\there' $'\x41\u00e9'
