shopt -q nullglob || echo off; shopt -s nullglob; shopt -q nullglob && echo on; set -o | grep -E '^(errexit|pipefail)' | awk '{print $1, $2}'; [[ -o errexit ]] && echo errexit
