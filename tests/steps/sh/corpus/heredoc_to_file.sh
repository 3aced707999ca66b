cat > generated.conf <<EOF
[app]
version = $(cat VERSION)
path = ${HOME##*/}
EOF
cat generated.conf
tee -a generated.conf > /dev/null <<'EOF'
raw = $HOME
EOF
tail -1 generated.conf
