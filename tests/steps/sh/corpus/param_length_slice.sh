s=abcdefgh
echo ${#s} ${s:2} ${s:2:3} ${s: -3} ${s: -3:2} ${s:0:-2}
