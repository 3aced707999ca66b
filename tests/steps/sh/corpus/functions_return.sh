even() { return $(( $1 % 2 )); }
for i in 1 2 3 4; do if even $i; then echo "$i even"; fi; done
f() { echo out; return 3; }
v=$(f) || echo "status $? value $v"
g() { false; return; }; g || echo "g: $?"
