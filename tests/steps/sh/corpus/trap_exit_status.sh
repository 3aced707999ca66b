trap 'rc=$?; echo "leaving with $rc"; exit $((rc + 1))' EXIT
exit 4
