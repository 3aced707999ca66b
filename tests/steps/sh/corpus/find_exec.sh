find src -name '*.js' -exec wc -l {} + | tail -1 | awk '{print $1}'
find docs -name '*.md' -exec sh -c 'echo "doc: $(basename "$1")"' _ {} \; | sort
find src -name '__init__.js' -exec basename {} \;
