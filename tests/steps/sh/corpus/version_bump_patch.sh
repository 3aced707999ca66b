version=$(cat VERSION)
IFS=. read -r major minor patch <<< "$version"
patch=$((patch + 1))
new="$major.$minor.$patch"
echo "$new" > VERSION
sed -i "s/\"version\": \"$version\"/\"version\": \"$new\"/" package.json
grep '"version"' package.json
echo "version=$new" >> "$GITHUB_OUTPUT"
