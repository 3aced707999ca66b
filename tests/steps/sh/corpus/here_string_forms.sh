read -r a b <<< "x y z"; echo "$a|$b"; grep -c . <<< $'l1\nl2'; tr a-z A-Z <<< "$HOME" | tail -c 4; cat <<< 'single $x'; wc -c <<< ""
