exec 3>&1 > log.txt; echo into file; exec >&3 3>&-; echo on stdout; cat log.txt
exec {fd}> auto.txt; echo auto >&"$fd"; exec {fd}>&-; cat auto.txt
( exec > sub.txt; echo inner ); cat sub.txt
