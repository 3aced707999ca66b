find src -name '*.py' -print0 | sort -z | while IFS= read -r -d '' f; do echo "file: $f"; done
