parse() {
  local OPTIND=1 opt verbose=0 out= 
  while getopts ':vo:h' opt; do
    case $opt in
      v) verbose=1 ;;
      o) out=$OPTARG ;;
      h) echo usage; return 0 ;;
      :) echo "option -$OPTARG needs a value"; return 2 ;;
      \?) echo "unknown -$OPTARG"; return 2 ;;
    esac
  done
  shift $((OPTIND - 1))
  echo "verbose=$verbose out=$out rest=$*"
}
parse -v -o file a b
parse -vofile2 c
parse -x || echo "rc $?"
parse -o || echo "rc $?"
parse -h
