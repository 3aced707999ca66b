set +e
(exit 0); echo $?
(exit 255); echo $?
(exit 256); echo $?
(exit -1); echo $?
bash -c 'exit 42'; echo $?
sh -c 'kill -0 99999' 2>/dev/null; [ $? -ne 0 ] && echo gone
exit 77
