set +e
./src 2>/dev/null; echo $?
exit 3
