failures=$(grep -o 'failures="[0-9]*"' tests/unit/report.xml | grep -o '[0-9]*')
echo "failures=$failures"
grep -c '<testcase' tests/unit/report.xml
sed -n 's/.*<testcase name="\([^"]*\)".*/\1/p' tests/unit/report.xml
[ "$failures" -eq 0 ] || { echo "tests failed"; exit 1; }
