for i in 3 1 2; do (sleep 0.0$i; echo "job $i" >> jobs.txt) & done
wait
sort jobs.txt
rm jobs.txt
