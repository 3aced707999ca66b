grep -v '^#' config/env.example | grep '=' | sed 's/^export //' | while IFS='=' read -r k v; do
  v=${v%\"}; v=${v#\"}
  echo "$k -> $v"
done
