cat > cov.txt <<'EOF'
src/main.js    40   4   90%
src/util.js    20  10   50%
TOTAL          60  14   77%
EOF
total=$(awk '/^TOTAL/ { sub(/%/, "", $NF); print $NF }' cov.txt); echo "coverage $total"; if (( total < 80 )); then echo "below threshold"; awk '$NF+0 < 80 && !/TOTAL/ {print "  " $1, $NF}' cov.txt; fi; rm cov.txt; awk "BEGIN { exit !($total >= 75.5) }" && echo "acceptable"
