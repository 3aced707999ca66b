cp VERSION v2; cp -r src s2; cp VERSION letters.txt s2/
mv v2 v3; mkdir d; mv v3 s2 d/
find d | sort
cp -n VERSION letters.txt; cat letters.txt | head -1
cp -a docs d/docs; rm -r d/s2; rm -f nothing; ls -R d
rm nothing 2>/dev/null || echo "rc $?"
rm d 2>/dev/null || echo "dir rc $?"
cp -t d VERSION data.csv; ls d; mv -t d -- ragged.txt; ls d
cp src/main.js d/docs/api.md; head -1 d/docs/api.md
cp nofile d 2>/dev/null || echo "cp rc $?"
cp docs d 2>/dev/null || echo "dir without -r: $?"
