awk '$1 >= "2024-03-05T10:00:03Z" && $1 < "2024-03-05T10:00:06Z"' logs/app.log
sed -n '3,5p' logs/app.log | cut -dT -f2 | cut -c1-8
