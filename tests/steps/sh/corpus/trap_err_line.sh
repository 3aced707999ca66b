trap 'echo "failed at line $LINENO"' ERR
echo one
true
(exit 3)
