ls -l scripts | awk '{print $1, $NF}'
ls -ld docs | awk '{print $1}'
ls -lh data.csv | awk '{print $5}'
