tail -n +2 data.csv | head -3 | while IFS=, read -r id n a c; do printf '%-3s %-6s %8.2f %s\n' "$id" "$n" "$a" "$c"; done
