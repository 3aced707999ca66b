mkdir -p node_modules/a && echo x > node_modules/a/i.js
find . -name node_modules -prune -o -name '*.js' -print | sort
find . -size +500c -type f | sort
find . -type f \( -name '*.ini' -o -name '*.yaml' \) | sort
find . -newer VERSION -name nothing
find docs -printf '%f %y\n' | sort
