find src -type f -name '*.js' | sort
find . -maxdepth 1 -type d | sort
find . -path './docs/*' -o -name VERSION | sort
find . -iname '*.MD' -not -path '*/docs/*' | sort
find src -mindepth 1 -type d
