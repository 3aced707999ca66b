printf 'a\nb\nc\n' | sed '2i\inserted'
printf 'a\nb\nc\n' | sed '/b/a after b'
printf 'a\nb\nc\n' | sed '2c\changed'
printf 'a\nb\n' | sed '1i # header' | head -2
printf 'a\nb\n' | sed '$a\
last\
lines'
