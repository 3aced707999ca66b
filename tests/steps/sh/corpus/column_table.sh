# needs: column
printf 'a:b\nlong:c\n' | column -t -s:
