echo hello | tr a-z A-Z; echo 'a  b   c' | tr -s ' '
echo hello123 | tr -d '0-9'; echo hello | tr -cd 'lo\n'
echo 'a,b' | tr ',' '\n'; echo abc | tr abc xy
echo 'Hello' | tr '[:lower:]' '[:upper:]'; printf 'a\r\nb\r\n' | tr -d '\r'
echo 'foo/bar-baz' | tr '/-' '__'; printf 'x\0y' | tr '\0' '\n'; echo
echo 'a1b2' | tr -dc '[:digit:]'; echo
echo aabbcc | tr -s 'a-b'
echo 'some text here' | tr -s '[:space:]' '\n'
