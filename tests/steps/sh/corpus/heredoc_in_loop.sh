while IFS=: read -r user shell; do
  echo "$user uses $shell"
done <<'EOF'
root:bash
www:nologin
EOF
