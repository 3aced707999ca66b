set +e
echo x | sed 's/a' 2>/dev/null; echo $?
sed p nofile 2>/dev/null; echo $?
echo x | sed 'q5'; echo $?
echo x | sed -n '/x/q3'; echo $?
