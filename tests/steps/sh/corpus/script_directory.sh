cat > where.sh <<'EOF'
#!/usr/bin/env bash
dir="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
echo "${dir##*/} ${0##*/}"
EOF
chmod +x where.sh; mkdir sub; mv where.sh sub/; ./sub/where.sh; cd sub; ./where.sh; bash where.sh
