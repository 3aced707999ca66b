tac letters.txt; echo abc | rev
shuf -i 1-5 | sort -n | tr '\n' ' '; echo
shuf -e a b c | wc -l; seq 10 | shuf -n 3 | wc -l
