seq 3; seq 2 4; seq 0 5 20 | tr '\n' ' '; echo; seq -w 8 11; seq -s, 5; seq 3 -1 1
seq -f 'item-%02g' 2; seq 1 0.5 2.5; seq 5 1
for i in $(seq 1 3); do printf '%s ' "$i"; done; echo
