mkdir -p pkg-1.0/bin && echo tool > pkg-1.0/bin/tool && echo readme > pkg-1.0/README
tar czf pkg.tgz pkg-1.0
mkdir out && tar xzf pkg.tgz -C out --strip-components=1
find out | sort
cat out/bin/tool
rm pkg.tgz
