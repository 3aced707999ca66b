grep -rn --include='*.js' def . | sort
grep -rl --exclude-dir=logs --exclude='*.json' 1.4.2 . | sort
grep -rh VERSION src
grep -rc import src | sort
