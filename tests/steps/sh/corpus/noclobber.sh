set -C; echo a > new; echo b > new 2>/dev/null || echo protected; echo c >| new; cat new; set +C
