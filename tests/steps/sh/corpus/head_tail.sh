head -2 letters.txt; head -n 1 VERSION; head -c 5 VERSION; echo
tail -2 letters.txt; tail -n +3 letters.txt; tail -c 4 VERSION
head -n -2 letters.txt; seq 5 | tail -1; seq 20 | head -3 | tail -1
head -1 VERSION letters.txt
head -qn1 VERSION letters.txt
tail -n1 ragged.txt; echo
