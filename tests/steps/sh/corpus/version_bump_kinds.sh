bump() {
  local v=$1 kind=$2 a b c
  a=${v%%.*}; c=${v##*.}; b=${v#*.}; b=${b%.*}
  case $kind in
    major) echo "$((a + 1)).0.0" ;;
    minor) echo "$a.$((b + 1)).0" ;;
    patch) echo "$a.$b.$((c + 1))" ;;
    *) echo "unknown kind: $kind" >&2; return 1 ;;
  esac
}
for kind in major minor patch; do bump 1.4.2 "$kind"; done
bump 1.4.2 huge || echo "failed with $?"
