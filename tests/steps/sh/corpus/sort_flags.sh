printf '10\n9\n100\n1\n' | sort; printf '10\n9\n100\n1\n' | sort -n; printf '10\n9\n100\n' | sort -rn
sort -t, -k4,4 -k3,3nr data.csv | head -4
printf 'b 2\na 10\nc 1\n' | sort -k2 -n
printf 'B\na\nA\nb\n' | sort; printf 'B\na\nA\nb\n' | sort -f
printf '1K\n2M\n512\n' | sort -h
sort -u letters.txt
sort -o letters.txt letters.txt && cat letters.txt
printf 'a\nc\nb\n' | sort -c 2>/dev/null || echo "unsorted: $?"
printf 'Mar\nJan\nFeb\n' | sort -M
printf 'x10\nx9\nx1.2\nx1.10\n' | sort -V
printf '3 a\n1 b\n3 c\n' | sort -s -k1,1
printf ' b\na\n  c\n' | sort -b
