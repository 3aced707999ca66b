tar -cf x.tar --exclude='*.md' --exclude=lib --exclude=logs .
tar -tf x.tar | grep -v '^\./tests' | sort
rm x.tar
