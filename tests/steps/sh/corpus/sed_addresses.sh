seq 10 | sed -n '2,4p'
seq 10 | sed '1d;$d' | tr '\n' ' '; echo
seq 10 | sed -n '$p'
seq 10 | sed -n '0~3p' | tr '\n' ' '; echo
seq 10 | sed -n '/3/,/5/p' | tr '\n' ' '; echo
seq 10 | sed '/5/,$d' | tr '\n' ' '; echo
seq 10 | sed -n '2{p;q}'
seq 10 | sed '2,9!d' | wc -l
seq 5 | sed -n '2,+1p'
seq 10 | sed '3q'
