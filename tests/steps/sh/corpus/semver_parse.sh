re='^v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-([0-9A-Za-z.-]+))?(\+([0-9A-Za-z.-]+))?$'
for v in 1.2.3 v10.20.30 1.2.3-rc.1 1.2.3-beta+exp.sha.5114f85 1.2 01.2.3 bad; do
  if [[ $v =~ $re ]]; then
    echo "$v -> ${BASH_REMATCH[1]} ${BASH_REMATCH[2]} ${BASH_REMATCH[3]} pre=${BASH_REMATCH[5]:-none} build=${BASH_REMATCH[7]:-none}"
  else
    echo "$v is not semver"
  fi
done
