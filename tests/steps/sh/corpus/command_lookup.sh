command -v grep > /dev/null && echo has grep; command -v nosuchtool || echo "no tool"
type -t cd; type -t if; f() { :; }; type -t f; type -t grep; type nosuch 2>/dev/null || echo "rc $?"
hash sed && echo hashed; which nosuchtool || echo "which rc $?"; command echo direct; builtin echo built
if ! command -v no-such-tool >/dev/null 2>&1; then echo "no-such-tool missing"; fi
