tar cf t.tar src docs
rm -rf src docs
tar xf t.tar docs/api.md src/lib
find src docs -type f | sort
tar xOf t.tar src/util.js | head -1
tar xf t.tar nothing/here 2>/dev/null || echo "rc $?"
rm t.tar
