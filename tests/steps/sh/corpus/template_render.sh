cat > tpl.txt <<'EOF'
name: @NAME@
version: @VERSION@
EOF
sed -e "s/@NAME@/demo/" -e "s/@VERSION@/$(cat VERSION)/" tpl.txt > out.txt
cat out.txt
rm tpl.txt
