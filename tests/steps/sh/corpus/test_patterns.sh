f=archive.tar.gz
[[ $f == *.tar.gz ]] && echo glob; [[ $f != *.zip ]] && echo notzip; [[ $f == "*.tar.gz" ]] || echo quoted
[[ $f =~ \.tar\.(gz|bz2)$ ]] && echo "re ${BASH_REMATCH[1]}"
re='^[a-z]+'; [[ $f =~ $re ]] && echo "${BASH_REMATCH[0]}"
[[ "a.b" =~ ^"a.b"$ ]] && echo literal; [[ "axb" =~ ^"a.b"$ ]] || echo "not literal"
[[ -z ${nope-} ]] && echo unset; [[ 10 -gt 9 ]] && echo ten; [[ x ]] && echo nonempty
shopt -s nocasematch; [[ ABC == abc ]] && echo nocase; shopt -u nocasematch
