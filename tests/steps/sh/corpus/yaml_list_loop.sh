printf 'list:\n  - one\n  - "two words"\n' | sed -n 's/^  - //p' | tr -d '"' | while read -r item; do echo "item: $item"; done
