# needs: jq
jq -c 'group_by(.os) | map({os: .[0].os, n: length})' <<< "$(jq .include matrix.json)"
jq '[.include[].node] | add / length | floor' matrix.json
jq -c '.include | map(.node) | unique' matrix.json
jq -r '.include[] | [.os, (.node|tostring)] | @tsv' matrix.json
jq -r '.include[] | [.os, .node] | @csv' matrix.json
