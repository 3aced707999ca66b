for i in {1..5}; do ((i == 2)) && continue; ((i == 4)) && break; echo $i; done
for f in *.txt; do echo "$f"; done; for x; do echo no; done
i=0; until [ $i -ge 3 ]; do i=$((i+1)); done; echo $i
for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done
while true; do break; done; echo "rc $?"
for i in {01..03} {a..c} {5..1..2}; do printf '%s ' "$i"; done; echo
n=0; while read -r _; do n=$((n+1)); done < letters.txt; echo $n
