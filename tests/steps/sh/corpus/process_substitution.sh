diff <(sort letters.txt) <(sort -u letters.txt) || echo "differ: $?"
while read -r l; do echo "got $l"; done < <(sort -u letters.txt)
paste <(cut -d, -f1 data.csv) <(cut -d, -f4 data.csv) | head -3
comm -12 <(printf 'a\nb\nc\n') <(printf 'b\nc\nd\n')
