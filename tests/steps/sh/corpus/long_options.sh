set -- --name=demo --verbose -n 3 pos1 -- --pos2
name= verbose=false n=0 rest=()
while (( $# )); do
  case $1 in
    --name=*) name=${1#*=} ;;
    --verbose) verbose=true ;;
    -n) n=$2; shift ;;
    --) shift; rest+=("$@"); break ;;
    *) rest+=("$1") ;;
  esac
  shift
done
echo "$name $verbose $n ${rest[*]}"
