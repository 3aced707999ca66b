retry() {
  local max=$1 delay=$2 i; shift 2
  for ((i = 1; i <= max; i++)); do
    "$@" && return 0
    echo "try $i/$max failed: $*"
    sleep "$delay"
  done
  return 1
}
flag=/tmp; counter=0
flaky() { counter=$((counter+1)); (( counter > 2 )); }
retry 4 0.01 flaky && echo ok after $counter
retry 2 0.01 false || echo "gave up"
