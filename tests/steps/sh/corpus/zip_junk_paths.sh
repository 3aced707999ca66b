# needs: zip unzip
zip -j -q flat.zip src/main.js docs/guide.md
unzip -Z1 flat.zip | sort
unzip -qo flat.zip -d flat && ls flat
rm flat.zip
