seq 1 30 > a; sed -e '3d' -e '15s/.*/changed/' -e '28a\added' a > b
diff -u a b | grep '^[-+@]' | tail -n +3; diff a b || true; diff -U1 a b | tail -n +3 | wc -l
printf 'no end' > c; printf 'no end\n' > d; diff c d || true
