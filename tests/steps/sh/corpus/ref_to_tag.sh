ref=$GITHUB_REF_NAME
tag=${ref//\//-}
echo "$tag" | tr '[:upper:]' '[:lower:]'
case "$ref" in
  release/*) echo "release ${ref#release/}" ;;
  main) echo main ;;
esac
