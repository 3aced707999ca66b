du -s --apparent-size -b VERSION | cut -f1; du -b letters.txt data.csv | awk '{s+=$1} END {print s}'
