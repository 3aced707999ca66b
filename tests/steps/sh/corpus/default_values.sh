echo "${UNSET_VAR:-fallback} ${UNSET_VAR-fallback2} ${UNSET_VAR:+set}"
EMPTY=
echo "[${EMPTY:-x}] [${EMPTY-x}] [${EMPTY:+x}] [${EMPTY+x}]"
: "${ASSIGNED:=value}"
echo "$ASSIGNED"
