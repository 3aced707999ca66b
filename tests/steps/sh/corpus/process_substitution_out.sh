echo hello | tee >(tr a-z A-Z > upper.txt) > lower.txt
sleep 0.05
cat upper.txt lower.txt
