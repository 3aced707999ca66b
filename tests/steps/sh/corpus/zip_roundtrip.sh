# needs: zip unzip
zip -q -r site.zip docs src -x 'src/lib/*'
unzip -Z1 site.zip | sort
mkdir out && unzip -q site.zip -d out
diff -r docs out/docs && echo same
unzip -p site.zip docs/api.md | head -1
rm site.zip
