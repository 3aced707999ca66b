s="Hello World"
echo "${s^^} ${s,,} ${s^} ${s,}"
t=abc; echo "${t^} ${t^^[ac]}"
