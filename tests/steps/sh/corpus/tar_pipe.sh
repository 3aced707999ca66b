tar cf - src | (mkdir -p copy && cd copy && tar xf -)
diff -r src copy/src && echo same
tar -cf - docs | tar -tf - | sort
