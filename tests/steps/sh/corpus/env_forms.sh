env FOO=bar printenv FOO; FOO=1 env -u FOO bash -c 'echo ${FOO:-unset}'; env -i PATH="$PATH" A=b env | grep -v '^PATH\|^PWD\|^_\|^SHLVL'
printenv NOPE || echo "rc $?"; export X='a b'; env | grep '^X='; printenv X HOME | head -1
