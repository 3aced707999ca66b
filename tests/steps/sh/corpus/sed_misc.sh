echo abc | sed 'y/abc/xyz/'
printf 'a,b\n' | sed 's/,/\n/'
sed -n '/^## /{s/^## //;p}' CHANGELOG.md | head -2
sed = letters.txt | sed 'N;s/\n/\t/'
printf 'k: v # c\n' | sed 's/[[:space:]]*#.*//'
echo "it's" | sed "s/'/\"/g"
printf 'a\nb\n' | sed -s 'w out.txt' > /dev/null; cat out.txt
echo test | sed --expression='s/t/T/' --expression='s/s/S/'
sed -f <(echo 's/a/A/') letters.txt | head -2
sed 5q logs/app.log | sed -n 'l;q' | head -1
