printf 'user:pass' | base64
echo "dXNlcjpwYXNz" | base64 -d; echo
head -c 100 /dev/zero | base64 -w 0 | wc -c
head -c 100 /dev/zero | base64 | wc -l
printf 'x' | base64 --wrap=0; echo
