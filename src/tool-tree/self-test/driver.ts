/** Where the guest sees the directory of a run. The same in both, as programs write it into what they make. */
export const place = '/anyarch-self-test';

/** Where the guest sees the inputs. */
export const inputsPlace = '/anyarch-inputs';

/**
 * The script that the guest's shell reads: line N is in the directory N as `line`, its own working directory is N/w. Builtins only, so that what is
 * executed is executed for a line.
 */
export function driverScript(lines: number): string {
  return `umask 022
unset LANG LANGUAGE LC_ALL LC_CTYPE LC_COLLATE LC_MESSAGES LC_NUMERIC LC_TIME TZ TERM TMPDIR CDPATH COLUMNS POSIXLY_CORRECT
PATH=/usr/bin:/bin:/usr/sbin:/sbin HOME=/nonexistent IN=${inputsPlace}
export PATH HOME IN
n=0
while [ "$n" -lt ${lines} ]; do
  cd "${place}/$n/w" || exit 99
  : > ../begun
  ( . ../line ) > ../out 2> ../err < /dev/null
  echo "$?" > ../code
  n=$((n + 1))
done
`;
}
