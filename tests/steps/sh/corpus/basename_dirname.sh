basename /a/b/c.txt; basename /a/b/c.txt .txt; basename -s .js src/main.js src/util.js; dirname /a/b/c.txt; dirname file; dirname /; dirname a/b/
basename /a/b/; dirname ./x/y a/b; basename -a x/y z/w
