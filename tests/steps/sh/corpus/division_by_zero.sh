echo $((1 / 0)) || echo "the rest of the line"
echo next
