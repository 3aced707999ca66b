shopt -s nullglob; echo *.none "end"; shopt -u nullglob; echo *.none
shopt -s globstar; echo **/*.js; shopt -u globstar
shopt -s dotglob; echo .h* * | wc -w; shopt -u dotglob
echo src/[mu]*.js src/????.js [!a-z]*.md; echo "*.md" '*.md' \*.md
set -f; echo *.md; set +f
shopt -s extglob
echo !(*.md|*.txt|[a-zA-Z]*); echo @(VERSION|data).csv +([a-z]).txt; shopt -u extglob
