exec > >(tee full.log) 2>&1; echo visible; ls nofile >/dev/null 2>&1 || echo "failed as expected"
