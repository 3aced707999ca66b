set -e
( false; echo a ) || echo "caught"
( false; echo never )
echo never
