realpath -s --relative-to=src src/lib/helper.js; (cd src && realpath .. | sed 's|.*/||'); readlink -f docs/../VERSION | sed 's|.*/||'
cd src/lib; pwd | sed 's|.*/workspace||'; cd ..; echo "${PWD##*/}"; cd - >/dev/null; echo "${PWD##*/}"; cd ../..; [ "$PWD" = "$(pwd)" ] && echo same
pushd src > /dev/null; echo "${PWD##*/}"; popd > /dev/null; echo "${PWD##*/}"; cd nowhere 2>/dev/null || echo "cd rc $?"
