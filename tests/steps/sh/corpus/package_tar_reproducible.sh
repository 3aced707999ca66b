tar --sort=name --mtime='2024-01-01 00:00:00Z' --owner=0 --group=0 --numeric-owner -cf a.tar src
touch src/main.js
tar --sort=name --mtime=@1704067200 --owner=0 --group=0 --numeric-owner -cf b.tar src
cmp a.tar b.tar && echo identical
tar -tvf a.tar | awk '{print $1, $2, $3, $4, $5, $6}'
rm a.tar b.tar
