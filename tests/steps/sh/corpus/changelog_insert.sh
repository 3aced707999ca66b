today=2024-04-01
sed -i "s/^## \[Unreleased\]/&\n\n## [1.5.0] - $today/" CHANGELOG.md
head -6 CHANGELOG.md
