x=1; (x=2; cd src; echo "$x ${PWD##*/}"); echo "$x ${PWD##*/}"; { x=3; }; echo $x
y=$(x=9; echo $x); echo "$x $y"; (exit 5) || echo $?; (set +e; false; echo continued)
f() (local z=1; x=7; echo $z); f; echo $x; echo "a b" | { read -r p q; echo "$q"; }; echo "${p:-unset}"
