set +e
printf 'a\nb\n' | xargs -n1 sh -c 'exit 3'; echo $?
printf 'a\n' | xargs -n1 not-a-command 2>/dev/null; echo $?
printf "it's\n" | xargs echo 2>/dev/null; echo $?
