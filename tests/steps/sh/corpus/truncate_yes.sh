truncate -s 5 t; wc -c < t; truncate -s +3 t; wc -c < t; yes | head -2; yes no | head -1; rm t
