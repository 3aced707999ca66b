paste -sd, letters.txt; paste -d: letters.txt letters.txt | head -1
seq 4 | paste - -; seq 6 | paste -d' ' - - -
nl letters.txt; nl -ba -w2 -s': ' letters.txt | head -2
echo 'the quick brown fox jumps' | fold -w 10; echo 'the quick brown fox jumps' | fold -s -w 10
printf 'a\tb\n' | expand -t4
