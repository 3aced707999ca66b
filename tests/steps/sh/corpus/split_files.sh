seq 10 > n; split -l 4 n part_; ls part_*; cat part_ab; split -b 5 -d n b_; ls b_* | head -2; wc -c < b_00; rm part_* b_*
