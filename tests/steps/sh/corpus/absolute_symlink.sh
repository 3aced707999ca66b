ln -s "$PWD/VERSION" abs 2>/dev/null && cat abs || echo refused
