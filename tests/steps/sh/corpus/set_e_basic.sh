echo one
if false; then echo no; fi
false || echo recovered
! true
echo two
false
echo three
