printf 'foo123\nbar\nfoobar\nbaz42\n' > w.txt
grep '^foo' w.txt; grep 'o\{2\}' w.txt; grep -E '(foo|baz)[0-9]+' w.txt
grep -E '^[[:alpha:]]+$' w.txt
grep '[0-9]\+$' w.txt
grep -E '\bbar\b' w.txt
grep -oE '[0-9]+' w.txt
grep -e foo -e bar w.txt | wc -l
printf 'foo\n' > pats; grep -f pats w.txt
grep -Eo '.{3}$' w.txt
