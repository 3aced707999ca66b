cmd='echo "a  b"'; eval "$cmd"; for v in A B; do eval "$v=\$((\${#v} + 1))"; done; echo $A $B; eval 'f() { echo evaled; }'; f; eval "exit 3" || echo no
