name=world
cat <<EOF
Hello $name $(echo sub) $((1 + 2)) \$literal
EOF
cat <<'EOF'
Hello $name `no` \n
EOF
	cat <<-EOF
	tabs stripped
		twice
	EOF
cat <<< "here $name"
