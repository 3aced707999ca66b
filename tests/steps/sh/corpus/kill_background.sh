sleep 30 & p=$!; kill $p; wait $p || echo "status $?"; kill $p 2>/dev/null || echo "already gone"
