set -x; echo traced; x=1; set +x; echo "quiet $x"
{ set -x; echo one; } 2> trace.txt; set +x 2>/dev/null; grep -c 'echo one' trace.txt; rm trace.txt
