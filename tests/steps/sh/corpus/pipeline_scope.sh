count=0; cat letters.txt | while read -r l; do count=$((count+1)); done; echo $count
count=0; while read -r l; do count=$((count+1)); done < letters.txt; echo $count
shopt -s lastpipe; seq 3 | while read -r l; do count=$((count+l)); done; echo $count; shopt -u lastpipe
seq 5 | while read -r i; do [ "$i" = 3 ] && exit 0; echo $i; done; echo after
