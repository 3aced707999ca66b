while IFS=, read -r id name amount city; do
  [ "$id" = id ] && continue
  echo "$id|$name|$city"
done < data.csv
