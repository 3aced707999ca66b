a=(x y z)
(IFS=,; echo "${a[*]}")
join_by() { local IFS=$1; shift; echo "$*"; }
join_by : 1 2 3
IFS=, read -ra parts <<< "p,q,,r"
echo "${#parts[@]} [${parts[2]}] ${parts[3]}"
