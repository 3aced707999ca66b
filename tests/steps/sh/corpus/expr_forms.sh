expr 1 + 2; expr 10 / 3; expr 7 % 4; expr 2 \* 3; expr abc : 'a\(.*\)'; expr length hello; expr substr hello 2 3
expr index hello l; expr 5 \> 3; expr a = b || echo "rc $?"; expr match v1.2.3 'v[0-9.]*'; expr \( 1 + 2 \) \* 3
expr 0 || echo "zero rc $?"; expr a + 1 2>/dev/null || echo "rc $?"
