touch new; [ -f new ] && [ ! -s new ] && echo empty
touch -d 2020-01-01 old; [ new -nt old ] && echo newer; [ old -ot new ] && echo older
stat -c '%n %s %F' VERSION; stat -c %Y old; stat --format=%s data.csv
stat -c '%a %A' VERSION scripts/greet.sh docs
touch -c absent; [ -e absent ] || echo "not made"
touch -r old new; stat -c %Y new; rm old new
stat nofile 2>/dev/null || echo "rc $?"
