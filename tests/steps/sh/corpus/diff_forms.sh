cp letters.txt l2; printf 'a\nb\nc\nd\n' > l1
diff l1 l2 || echo "rc $?"; diff -q l1 l2 || echo "rc $?"; diff l1 l1 && echo same
diff -u l1 l2 | tail -n +3; diff --label a --label b -u l1 l2 || true
diff -u /dev/null l1 | tail -n +3; diff nofile l1 2>/dev/null || echo "rc $?"
printf 'a \nB\n' > w1; printf 'a\nb\n' > w2; diff -wi w1 w2 && echo "same but for case"
cmp l1 l2 || echo "cmp $?"; cmp -s l1 l1 && echo identical
