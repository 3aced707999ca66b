find src -name '*.js' -print0 | sort -z | while IFS= read -r -d '' f; do echo "file: $f"; done
