mkdir -p e/f/g && touch e/x
find . -empty -not -path './logs/*' | sort
find e -type f -delete
find e -type d -empty -delete
ls -d e 2>/dev/null || echo gone
