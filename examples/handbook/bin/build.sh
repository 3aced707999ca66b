#!/usr/bin/env bash
# Writes the site to the folder given: every page, the list of releases, a feed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
out=${1:?usage: build.sh OUT}
version=$(cat "$root/VERSION")
mkdir -p "$out"

# Puts a page together: the layout from standard output, the content from standard input.
wrap() {
  awk -v title="$1" -v navigation="$navigation" -v version="$version" '
    NR == FNR { content = content $0 "\n"; next }
    /^@CONTENT@$/ { printf "%s", content; next }
    { gsub(/@TITLE@/, title); gsub(/@NAVIGATION@/, navigation); gsub(/@VERSION@/, version); print }
  ' - "$root/layout.html"
}

title_of() { head -n 1 "$1" | sed 's/^# //'; }

navigation='<a href="index.html">Home</a>'
for page in "$root"/pages/*.md; do
  name=$(basename "$page" .md)
  if [[ $name != index ]]; then
    navigation+="<a href=\"$name.html\">$(title_of "$page")</a>"
  fi
done
navigation+='<a href="releases.html">Releases</a>'

for page in "$root"/pages/*.md; do
  name=$(basename "$page" .md)
  awk -f "$root/bin/markdown.awk" "$page" | wrap "$(title_of "$page")" > "$out/$name.html"
  echo "$name.html"
done

jq -r '"<h1>Releases</h1>",
  (.[] | "<h2>\(.version) <small>\(.date)</small></h2>", "<ul>", (.notes[] | "<li>\(@html)</li>"), "</ul>")
' "$root/data/releases.json" | wrap Releases > "$out/releases.html"
echo releases.html

jq --arg version "$version" '{
  version: "https://jsonfeed.org/version/1.1",
  title: "Lighthouse releases, up to \($version)",
  items: [.[] | {id: .version, title: .version, date_published: "\(.date)T00:00:00Z", content_text: (.notes | join("; "))}]
}' "$root/data/releases.json" > "$out/feed.json"
echo feed.json
