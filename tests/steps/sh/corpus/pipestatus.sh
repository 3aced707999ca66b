set +e
set +o pipefail
true | false | (exit 7)
echo "${PIPESTATUS[@]}"
false | tee /dev/null
echo "${PIPESTATUS[0]} $?"
cat VERSION | grep -q 9 ; st=("${PIPESTATUS[@]}"); echo "${st[1]}"
