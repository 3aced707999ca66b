source scripts/lib.sh; log INFO some words; echo "$LIB_LOADED"
. ./scripts/lib.sh; here | sed 's|.*/||'
source scripts/lib.sh arg1; echo "${BASH_SOURCE[0]##*/}"
. ./nofile.sh 2>/dev/null || echo "source failed"
