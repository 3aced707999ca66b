cut -d: -f1,3 <<< a:b:c:d
cut -d: -f2- <<< a:b:c:d
cut -c2-4 <<< abcdef; cut -c-3 <<< abcdef; cut -b1,3 <<< abcdef
cut -d' ' -f1 <<< "no delimiter"
cut -d, -f1 -s <<< "none"
cut -d: --complement -f2 <<< a:b:c
cut -d: -f1,2 --output-delimiter=- <<< a:b:c
printf 'a\tb\n' | cut -f2
