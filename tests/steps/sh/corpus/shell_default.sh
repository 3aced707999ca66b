# shell: bash -e {0}
echo "${BASH##*/}"; false | true; echo "no pipefail"; echo "$-" | grep -c e; false; echo never
