declare -A m
m[a-b]=1; m[c.d]=2; m["e f"]=3; key=x/y; m[$key]=4
echo "${m[a-b]} ${m[c.d]} ${m["e f"]} ${m[x/y]} ${#m[@]}"
declare -A lit=([linux-x64]=a [win.arm]=b)
echo "${lit[linux-x64]}${lit[win.arm]}"
