mkdir -p a/b/c; mkdir a/b 2>/dev/null || echo "exists: $?"
rmdir a/b/c; rmdir a 2>/dev/null || echo "not empty: $?"
mkdir -pv x/y 2>&1; rmdir -p x/y; ls -d x 2>/dev/null || echo gone
mkdir -p {lib,bin}/{one,two}; find lib bin -type d | sort
mkdir no/parent 2>/dev/null || echo "rc $?"
