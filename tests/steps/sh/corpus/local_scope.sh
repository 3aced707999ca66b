f() { local a=1 b; local -a l=(x y); local -r ro=2; b=3; echo "$a $b ${l[1]} $ro"; g; }; g() { echo "sees ${a:-nothing}"; }; f; echo "${a:-clean}"
h() { local x; echo "${x-unset}"; x=set; echo $x; }; x=outer; h; echo $x; k() { local IFS=,; echo "$*"; }; k 1 2 3
