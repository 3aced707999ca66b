echo x > /dev/null; cat /dev/null; echo err > /dev/stderr; echo out > /dev/stdout; echo piped | cat /dev/stdin; echo fd | cat - /dev/null
head -c 4 /dev/zero | od -An -tx1; wc -c < /dev/null; echo tee | tee /dev/stderr 2>/dev/null
