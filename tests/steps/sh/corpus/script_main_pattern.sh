main() { local cmd=${1:-help}; shift || true; case $cmd in build) echo "building $*" ;; help) echo usage ;; *) echo "unknown $cmd" >&2; return 64 ;; esac; }
main; main build a b; main nope 2>/dev/null || exit $?
