path=/usr/local/lib/libfoo.so.1.2
echo "${path##*/} ${path%/*} ${path%.so*} ${path#*/} ${path%%.*}"
echo "${path/lib/LIB} ${path//lib/LIB} ${path/#\/usr/X} ${path/%1.2/9}"
f="a b c"; echo "${f// /_}" "${f// }"
