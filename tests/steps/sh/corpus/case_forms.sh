for f in a.txt b.tar.gz c d.JS .hid 5; do
  case $f in
    *.txt|*.md) echo "$f text" ;;
    *.tar.*) echo "$f archive" ;;
    [0-9]) echo "$f digit" ;;
    *.[jJ][sS]) echo "$f python" ;;
    .*) echo "$f hidden" ;;
    ?) echo "$f single" ;;
    *) echo "$f other" ;;
  esac
done
case x in x) echo one ;;& x|y) echo two ;; esac
case a in a) echo fall ;& b) echo through ;; c) echo no ;; esac
