export A=1; B=2
bash -c 'echo "A=${A:-unset} B=${B:-unset}"'
C=3 bash -c 'echo "C=$C"'; echo "C=${C:-gone}"
export -n A; bash -c 'echo "A=${A:-unset}"'
env -i X=1 bash -c 'echo "${X} ${A:-none}"'
