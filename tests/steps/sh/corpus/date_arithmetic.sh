start=$(date -u -d 2024-01-01 +%s); end=$(date -u -d 2024-03-01 +%s)
echo "$(( (end - start) / 86400 )) days"
now=$(date +%s); sleep 0.01; (( $(date +%s) >= now )) && echo monotonic
[[ $(date -u +%Y-%m-%d) =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] && echo iso
