cat > prog.awk <<'EOF'
BEGIN { FS = "," }
NR > 1 && $3 + 0 > 9 { n++ }
END { print n " rows" }
EOF
awk -f prog.awk data.csv
./scripts/count.awk docs/api.md
