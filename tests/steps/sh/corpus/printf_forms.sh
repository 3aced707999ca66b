printf '%s %d %5.2f %x %o %c\n' str 42 3.14159 255 8 char; printf '%-10s|%10s|\n' left right
printf '%05d %+d %e\n' 42 5 12345.678; printf '%s\n' a b c; printf '%s=%s\n' k1 v1 k2 v2
printf '%%|%b|%q\n' 'a\tb' 'needs quote'; printf '%.3s|%*d\n' abcdef 5 42; printf '\x41\101\n'
printf '%s\n' "$(printf 'no newline')"; printf -v var '%03d' 7; echo "$var"; printf '[%s]\n'; printf '%d\n' 0x1f "'A"
printf '%(%Y)T\n' 0; printf '%5s|%-5s|\n' é é
