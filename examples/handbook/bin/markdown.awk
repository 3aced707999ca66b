# The Markdown that the handbook uses: headings, paragraphs, lists, code, emphasis and links.

function escape(text) {
  gsub(/&/, "\\&amp;", text)
  gsub(/</, "\\&lt;", text)
  gsub(/>/, "\\&gt;", text)
  return text
}

function inline(text,    label, target) {
  text = escape(text)
  while (match(text, /`[^`]+`/))
    text = substr(text, 1, RSTART - 1) "<code>" substr(text, RSTART + 1, RLENGTH - 2) "</code>" \
      substr(text, RSTART + RLENGTH)
  while (match(text, /\*\*[^*]+\*\*/))
    text = substr(text, 1, RSTART - 1) "<strong>" substr(text, RSTART + 2, RLENGTH - 4) "</strong>" \
      substr(text, RSTART + RLENGTH)
  while (match(text, /\*[^*]+\*/))
    text = substr(text, 1, RSTART - 1) "<em>" substr(text, RSTART + 1, RLENGTH - 2) "</em>" \
      substr(text, RSTART + RLENGTH)
  while (match(text, /\[[^]]+\]\([^)]+\)/)) {
    label = target = substr(text, RSTART, RLENGTH)
    sub(/\].*/, "", label)
    sub(/.*\(/, "", target)
    text = substr(text, 1, RSTART - 1) "<a href=\"" substr(target, 1, length(target) - 1) "\">" \
      substr(label, 2) "</a>" substr(text, RSTART + RLENGTH)
  }
  return text
}

# Blocks end where another kind begins; `open` is the tag to close, "" between blocks.
function begin(tag) {
  if (open == tag) return
  if (open == "li") print "</li></ul>"
  else if (open == "pre") print "</code></pre>"
  else if (open != "") print "</" open ">"
  if (tag == "li") print "<ul>"
  else if (tag == "pre") printf "<pre><code>"
  else if (tag != "") printf "<" tag ">"
  open = tag
}

/^# /   { begin(""); print "<h1>" inline(substr($0, 3)) "</h1>"; next }
/^## /  { begin(""); print "<h2>" inline(substr($0, 4)) "</h2>"; next }
/^    / { begin("pre"); print escape(substr($0, 5)); next }
/^- /   { if (open == "li") print "</li>"; begin("li"); printf "<li>%s", inline(substr($0, 3)); next }
/^$/    { begin(""); next }
        { if (open == "") begin("p"); else printf "\n"; printf "%s", inline($0) }
END     { begin("") }
