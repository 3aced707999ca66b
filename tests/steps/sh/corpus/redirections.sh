echo out > o.txt; echo more >> o.txt; cat < o.txt; ls nofile 2> err.txt || true; [ -s err.txt ] && echo "stderr kept"
{ echo a; echo b >&2; } > both.txt 2>&1; wc -l < both.txt; { echo c; echo d >&2; } &> all.txt; wc -l < all.txt
echo x 2>/dev/null 1>&2 | wc -l; exec 4> four.txt; echo to4 >&4; exec 4>&-; cat four.txt
exec 5< letters.txt; read -r first <&5; read -r second <&5; echo "$first $second"; exec 5<&-
echo swap 3>&1 1>&2 2>&3 | cat; : > o.txt; [ -s o.txt ] || echo truncated; cat 0< VERSION; echo app | tee -a o.txt >/dev/null; cat o.txt
rm err.txt
