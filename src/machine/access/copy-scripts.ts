/**
 * What the guest's sh does in a copy, with the paths as its arguments. A file is complete before it gets its name, and
 * what was there stays until then. Exit codes of their own say what was wrong with a path.
 */
export const receiveFile = `
t=$1
[ -d "$t" ] && t=\${t%/}/$2
case $t in */) echo "$t: no such directory" >&2; exit 1;; esac
[ ! -d "$t" ] || { echo "$t: a directory is in the way" >&2; exit 1; }
n=$t.anyarch-$$
trap 'rm -f "$n"' EXIT
trap 'exit 143' HUP INT TERM
(umask 077; cat >"$n") || exit 1
[ "$(wc -c <"$n")" -eq "$4" ] || { echo "$t: it did not arrive whole" >&2; exit 1; }
chmod "$3" "$n" && touch -c -d "@$5" "$n" && mv -f "$n" "$t"
`;

/** Into a directory that is there, or one that is made; `$2` is empty for `DIR/.`. */
export const receiveDirectory = `
t=$1
[ -d "$t" ] && [ -n "$2" ] && t=\${t%/}/$2
[ -d "$t" ] || mkdir -- "$t" || exit 1
exec tar -C "$t" -xpf -
`;

/** First a line that says what follows: \`f MODE BYTES SECONDS\` and the content, or \`d\` and a tar archive. */
export const send = `
p=$1
[ -e "$p" ] || { echo "$p: no such file or directory" >&2; exit 1; }
[ -r "$p" ] || { echo "$p: permission denied" >&2; exit 1; }
if [ -d "$p" ]; then echo d; exec tar -C "$p" -cf - .; fi
[ -f "$p" ] || { echo "$p: neither a file nor a directory" >&2; exit 1; }
s=$(stat -L -c '%a %s %Y' "$p") || exit 1
echo "f $s"
exec cat "$p"
`;
