( : "${MUST_BE_SET:?is required}" ) 2>/dev/null || echo "missing: $?"
need() { [ -n "${!1:-}" ] || { echo "need $1"; return 1; }; }
need HOME && echo "home is set"
need NOPE || true
