# needs: jq
jq -rn '"a,b,c" | split(",") | reverse | join("-")'
jq -rn '"Release v1.2.3" | capture("v(?<maj>[0-9]+)\\.(?<min>[0-9]+)") | "\(.maj)/\(.min)"'
jq -rn '"x y" | @uri, @base64, @sh, ascii_upcase'
jq -rn '"1.2" | tonumber + 1'
jq -n '"test" | test("^t.*t$")'
jq -rn 'env.CI, $ENV.TZ'
jq -n '[1,2,3] | any(. > 2), all(. > 2), max, min, index(2)'
