timeout 5 echo quick; timeout 0.05 sleep 5 || echo "rc $?"; timeout 1 bash -c 'exit 7' || echo "rc $?"
timeout 0.05 bash -c 'while :; do :; done' || echo "loop rc $?"
