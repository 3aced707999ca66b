ls; ls -1 docs; ls -a | head -3; ls -d */; ls -A | head -1
ls src/*.js; ls nofile 2>/dev/null || echo "rc $?"; ls -r docs; ls -R src
ls -p | grep -v /; ls src docs; ls -S src | head -1; ls -F scripts
