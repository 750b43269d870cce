import { shellWord } from '../../core/shell-word.ts';
import type { Mount } from '../record.ts';
import { mountTag } from './mount.ts';

/** Runs a command in the guest. */
export type RunInGuest = (words: readonly string[]) => Promise<{
  readonly exitCode: number | undefined;
  readonly stderr: string;
  readonly timedOut: boolean;
}>;

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
  const { exitCode, stderr, timedOut } = await run([...asRoot, 'sh', '-c', fstabScript(mounts)]);
  if (exitCode === 0) return undefined;
  const reason = timedOut ? 'it did not answer in time' : stderr.trim() || 'no reason given';
  return `the guest could not be made to mount its directories: ${reason}; it tries again at each boot`;
}

/** For sh, as root. `parseMount` refuses targets with blanks, quotes and backslashes, which fstab could not tell. */
export function fstabScript(mounts: readonly Mount[]): string {
  // Those that others are mounted below come before them.
  const lines = mounts
    .map((mount, index) => ({ ...mount, tag: mountTag(mount, index) }))
    .sort((one, other) => (one.target < other.target ? -1 : 1))
    .map(({ tag, target, isReadOnly }) => `${tag} ${target} virtiofs ${isReadOnly ? 'ro' : 'rw'},nofail 0 0`);
  return `set -f
# Lines of others are bytes, whatever the language.
export LC_ALL=C
# Two commands of the host may wait for the same start.
if command -v flock >/dev/null; then exec 9>/run/anyarch-mounts.lock && flock 9; fi
tab=$(readlink -f /etc/fstab)
ours='^anyarch[0-9][0-9]*[[:space:]]'
wanted=${shellWord(lines.join('\n'))}
[ -e "$tab" ] || : >"$tab" || exit
if [ "$(grep "$ours" "$tab")" != "$wanted" ]; then
  new=$(mktemp "$tab.XXXXXX") || exit
  trap 'rm -f "$new"' EXIT
  cp -p "$tab" "$new" || exit
  grep -v "$ours" "$tab" >"$new"
  [ $? -le 1 ] || exit 2
  [ -z "$wanted" ] || echo "$wanted" >>"$new" || exit
  # A machine that is switched off hard must not find an empty one.
  sync "$new" 2>/dev/null || sync
  mv -f "$new" "$tab" || exit
  [ ! -d /run/systemd/system ] || systemctl daemon-reload
fi
if [ -d /run/systemd/system ]; then
  # What the boot could not mount, and nobody wants any more, is no failure.
  systemctl list-units --all --type=mount --state=failed --plain --no-legend |
    while read -r unit load rest; do [ "$load" != not-found ] || systemctl reset-failed "$unit"; done
fi
code=0
while read -r tag target rest; do
  [ -n "$tag" ] && ! grep -q "^$tag " /proc/mounts || continue
  # It would hide what is mounted below it, which has its turn later.
  awk -v "target=$target/" '$1 ~ /^anyarch[0-9]+$/ && index($2, target) == 1 { print $2 }' /proc/mounts |
    sort -r | while read -r below; do umount "$below"; done
  mkdir -p "$target" && mount "$target" || code=1
done <<END
$wanted
END
exit $code`;
}
