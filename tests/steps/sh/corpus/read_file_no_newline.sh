while IFS= read -r l || [ -n "$l" ]; do echo "line: $l"; done < ragged.txt
