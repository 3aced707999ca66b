mkdir t && echo x > t/file && ln -s file t/link
tar cf t.tar t && rm -rf t && tar xf t.tar
readlink t/link; cat t/link
rm t.tar
