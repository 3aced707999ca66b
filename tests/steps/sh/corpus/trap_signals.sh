cleanup() { echo "cleanup"; }
trap cleanup EXIT INT TERM HUP
trap - INT
echo body
