/^name/ { print $3 }
