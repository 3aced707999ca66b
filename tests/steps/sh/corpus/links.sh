ln -s VERSION current; readlink current; cat current
ln -sf data.csv current; readlink current
ln -s ../VERSION src/v; cat src/v; [ -L src/v ] && echo link
ln -sfn docs dir; readlink dir; ls dir
ln VERSION hard; cat hard; echo new > hard; cat VERSION
ln -s missing broken; [ -e broken ] || echo dangling; [ -L broken ] && echo "still a link"
ln -s x current 2>/dev/null || echo "rc $?"
readlink -f src/v; realpath --relative-to=. src/v; readlink VERSION || echo "not a link"
