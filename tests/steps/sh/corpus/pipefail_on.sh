set -o pipefail
false | true && echo no || echo "rc $?"
(exit 3) | (exit 5) | true || echo "last non-zero: $?"
grep nothing VERSION | wc -l || echo "grep failed"
set +o pipefail
false | true && echo "ignored"
