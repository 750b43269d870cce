import type { Mount } from '../record.ts';
import { mountTag } from './mount.ts';

/** Runs a command in the guest. */
export type RunInGuest = (
  words: readonly string[],
) => Promise<{ readonly exitCode: number | undefined; readonly stderr: string }>;

/**
 * Has a guest mount what it was not told of at its first start, now and at each boot: by its `/etc/fstab`, where lines
 * that begin with our tags are ours. Quick when it has been done before.
 *
 * @returns what to say where it could not be done
 */
export async function tellGuest(
  run: RunInGuest,
  user: string,
  mounts: readonly Mount[],
): Promise<string | undefined> {
  const asRoot = user === 'root' ? [] : ['sudo', '-n'];
  const { exitCode, stderr } = await run([...asRoot, 'sh', '-c', fstabScript(mounts)]);
  if (exitCode === 0) return undefined;
  return `the guest could not be made to mount its directories: ${stderr.trim() || 'no reason given'}`;
}

/** For sh, as root. Nothing in it needs quoting: `parseMount` refuses targets with blanks, quotes and backslashes. */
export function fstabScript(mounts: readonly Mount[]): string {
  const lines = mounts.map(
    (mount, index) =>
      `${mountTag(mount, index)} ${mount.target} virtiofs ${mount.isReadOnly ? 'ro' : 'rw'},nofail 0 0`,
  );
  return `set -f
tab=$(readlink -f /etc/fstab)
ours='^anyarch[0-9][0-9]*[[:space:]]'
wanted='${lines.join('\n')}'
[ -e "$tab" ] || : >"$tab" || exit
if [ "$(grep "$ours" "$tab")" != "$wanted" ]; then
  cp -p "$tab" "$tab.anyarch" || exit
  grep -v "$ours" "$tab" >"$tab.anyarch"
  [ $? -le 1 ] || exit 2
  [ -z "$wanted" ] || echo "$wanted" >>"$tab.anyarch" || exit
  mv -f "$tab.anyarch" "$tab" || exit
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
fi
if [ -d /run/systemd/system ]; then
  # What the boot could not mount, and nobody wants any more, is no failure.
  systemctl list-units --all --type=mount --state=failed --plain --no-legend |
    while read -r unit load rest; do [ "$load" != not-found ] || systemctl reset-failed "$unit"; done
fi
code=0
while read -r tag target rest; do
  [ -z "$tag" ] || grep -q "^$tag " /proc/mounts || { mkdir -p "$target" && mount "$target"; } || code=1
done <<END
$wanted
END
exit $code`;
}
