printf 'a\r\nb\r\n' > dos.txt; sed -i 's/\r$//' dos.txt; od -c dos.txt | head -1; printf 'x\r\n' | tr -d '\r'; grep -c $'\r' dos.txt || echo "no CR"
