s="héllo wörld"; echo "${#s} ${s:1:4} ${s^^}"; echo "$s" | wc -m; echo "$s" | cut -c1-2 | wc -c; echo "naïve" | grep -o 'ï'; echo 'ä' | sed 's/./X/'; [[ é == ? ]] && echo one
