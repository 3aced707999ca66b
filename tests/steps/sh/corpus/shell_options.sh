# shell: bash -euxo pipefail {0}
echo "options"; [[ $- == *u* && $- == *x* ]] && echo set; shopt -qo pipefail && echo pipefail; false | cat
