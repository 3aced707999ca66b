wc -l letters.txt; wc -w < docs/guide.md; wc -c VERSION
wc letters.txt; wc -l letters.txt VERSION
cat letters.txt | wc -l; echo -n "héllo" | wc -m; echo -n "héllo" | wc -c
wc -L docs/guide.md; printf 'a b' | wc
