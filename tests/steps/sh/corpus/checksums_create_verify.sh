sha256sum src/*.py docs/*.md > SHA256SUMS
sha256sum -c SHA256SUMS
echo changed >> src/util.py
sha256sum -c --quiet SHA256SUMS 2>/dev/null || echo "mismatch: $?"
(cd src && sha256sum main.py | cut -d' ' -f1)
