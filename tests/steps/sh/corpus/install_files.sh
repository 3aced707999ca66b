install -d out/bin; install -m 755 scripts/greet.sh out/bin/greet; ./out/bin/greet; install -Dm644 VERSION out/share/v; find out | sort
