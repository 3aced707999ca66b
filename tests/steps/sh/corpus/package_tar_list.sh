mkdir -p dist/demo
cp -r src docs dist/demo/
tar -czf dist/demo.tar.gz -C dist demo
tar -tzf dist/demo.tar.gz | sort
rm -rf dist
