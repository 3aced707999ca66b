sha256sum src/*.js docs/*.md > SHA256SUMS
sha256sum -c SHA256SUMS
echo changed >> src/util.js
sha256sum -c --quiet SHA256SUMS 2>/dev/null || echo "mismatch: $?"
(cd src && sha256sum main.js | cut -d' ' -f1)
