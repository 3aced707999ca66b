sed -n '/^## \[1\.4\.1\]/,/^## \[/p' CHANGELOG.md | sed '1d;$d'
sed -n '/^## \[Unreleased\]/,/^## \[[0-9]/{/^## /!p;}' CHANGELOG.md
