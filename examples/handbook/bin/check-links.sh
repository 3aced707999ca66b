#!/usr/bin/env bash
# Fails if a page of the site links to a page that is not there, and names both.
set -euo pipefail

cd "${1:?usage: check-links.sh OUT}"
links=0 broken=0
for page in *.html; do
  for target in $(grep -o 'href="[^"]*"' "$page" | sed 's/^href="//; s/"$//' | sort -u); do
    links=$((links + 1))
    if [[ $target != *://* && ! -f $target ]]; then
      echo "::error file=examples/handbook/pages/${page%.html}.md::links to $target, which is not there"
      broken=$((broken + 1))
    fi
  done
done
echo "$links links, $broken broken"
((broken == 0))
