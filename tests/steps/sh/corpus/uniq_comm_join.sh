sort letters.txt | uniq -c | sed 's/^ *//'
sort letters.txt | uniq -d; sort letters.txt | uniq -u
printf 'A\na\nb\n' | uniq -i
printf '1 a\n2 b\n' > l; printf '1 x\n3 y\n' > r
join l r; join -a 1 l r
comm <(printf 'a\nb\n') <(printf 'b\nc\n')
comm -23 <(printf 'a\nb\n') <(printf 'b\nc\n')
comm -13 <(sort letters.txt) <(printf 'a\nz\n')
