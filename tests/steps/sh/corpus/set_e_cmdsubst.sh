set -e
x=$(false; echo ok); echo "x=$x"
echo "y=$(false)"
local_fn() { local z=$(false); echo "local hides it"; }
local_fn
z=$(exit 3)
echo never
