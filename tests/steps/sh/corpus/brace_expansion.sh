echo {a,b}{1,2} {1..3} {a..e..2} pre{x,y}post {10..8} "{a,b}" {single} a{,b}
mkdir -p t/{src,lib/{a,b}}; find t | sort; touch t/file{1..3}.txt; ls t
cp VERSION{,.bak}; ls VERSION*
