./scripts/greet.sh Ann; bash scripts/greet.sh; sh -c 'echo "$0 $1"' name arg
./scripts/greet.sh Bob 3 || echo "rc $?"; cat > gen.sh <<'EOF'
#!/bin/sh
echo "generated $1"
EOF
chmod +x gen.sh; ./gen.sh x; PATH="$PWD/scripts:$PATH"; greet.sh pathed; cd scripts && ../gen.sh y
