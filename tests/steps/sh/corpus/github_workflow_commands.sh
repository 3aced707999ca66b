echo "::group::Build"; echo "::notice file=src/main.js,line=3::check this"; echo "::endgroup::"; echo "::add-mask::$(printf 'sec%s' ret)"
echo "::warning::$(printf 'a%%0Ab')"; [ -n "$CI" ] && echo "in CI"; if [[ "${GITHUB_REF_NAME}" == release/* ]]; then echo "release branch ${GITHUB_REF_NAME#*/}"; fi
