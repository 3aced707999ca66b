[ -f VERSION ] && echo file; [ -d src ] && echo dir; [ -e nofile ] || echo no
[ -s VERSION ] && echo nonempty; [ -x scripts/greet.sh ] && echo exec; [ -x VERSION ] || echo "not exec"
[ -r VERSION ] && [ -w VERSION ] && echo rw; [[ -f VERSION && -d src ]] && echo both
test -z "" && test -n x && echo strings; [ a = a ] && [ a != b ] && echo eq
[ 3 -gt 2 ] && [ 2 -le 2 ] && [ 1 -ne 2 ] && echo nums; [[ abc < abd ]] && echo less
[ ! -e nofile ] && echo negated; [ -f VERSION -a -d src ] && echo anded; [ -f nofile -o -d src ] && echo ored
