awk '/request/ { sub(/ms/, "", $NF); sum += $NF; n++; if ($NF > max) max = $NF } END { printf "n=%d avg=%.2f max=%d\n", n, sum / n, max }' logs/app.log
