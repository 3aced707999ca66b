slug() { echo "$1" | tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9]+/-/g; s/^-+|-+$//g'; }
slug "Fix: the  Bug (#12)!"
slug "feature/ADD_new.thing"
slug "---already---"
