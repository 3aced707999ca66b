stat -c %a src/lib/helper.js; chmod 600 VERSION; ls -l VERSION | cut -c1-10; find . -maxdepth 1 -type f -perm -u+w | wc -l
