import { equalBytes } from '../../core/bytes.ts';
import type { Entry } from '../../core/entry.ts';
import { formatFlags } from '../../core/flags.ts';
import type { ScriptTarget } from '../../core/templates/script-target.ts';
import type { Host } from '../../host/host.ts';
import { readTable } from '../../registration/index.ts';
import type { Problem } from '../problem-list.ts';
import { interpreterPath } from './interpreter-path.ts';
import type { MultiarchWish } from './options.ts';

/** What `--reset` would clear away, and without it stands where entries are wanted. */
export interface Existing {
  /** Targets whose entry is exactly what is wanted. */
  readonly kept: readonly string[];
  /** Targets whose name is taken by something else. */
  readonly taken: readonly Problem[];
}

/** @param host whose table is mounted */
export function existingEntries(
  host: Pick<Host, 'binfmt'>,
  targets: readonly ScriptTarget[],
  wish: MultiarchWish,
): Existing {
  const listed = new Map(readTable(host).entries.map((one) => [one.name, one]));
  const kept: string[] = [];
  const taken: Problem[] = [];
  for (const target of targets) {
    const found = listed.get(`qemu-${target.name}`);
    if (found === undefined) continue;
    const difference = differenceOf(found.entry, target, wish);
    if (difference === undefined) kept.push(target.name);
    else taken.push(takenName(target, difference));
  }
  return { kept, taken };
}

function takenName({ name }: ScriptTarget, difference: string): Problem {
  return {
    subject: name,
    code: 'ANYARCH_REGISTER_FAILED',
    message: `File exists: the entry qemu-${name} ${difference}; it stays as it is`,
    hint: 'repeat it with --reset',
  };
}

/** What makes an entry another one than wanted, whichever of the two patterns in use it has. */
function differenceOf(
  entry: Entry | undefined,
  { architecture, magic, mask }: ScriptTarget,
  wish: MultiarchWish,
): string | undefined {
  if (entry === undefined) return 'cannot be understood';
  if (!entry.enabled) return 'is disabled';
  if (entry.interpreter !== interpreterPath(wish, architecture.name)) return `starts ${entry.interpreter}`;
  const { credentials, fixBinary, preserveArgv0 } = wish;
  const wanted = formatFlags({ credentials, openBinary: credentials, fixBinary, preserveArgv0 });
  const flags = formatFlags(entry.flags);
  if (flags !== wanted) return `has the flags "${flags}" instead of "${wanted}"`;
  const patterns = [{ magic, mask }, architecture];
  const isKnown = patterns.some(
    (one) =>
      entry.kind === 'magic' &&
      entry.offset === 0 &&
      entry.mask !== undefined &&
      equalBytes(entry.magic, one.magic) &&
      equalBytes(entry.mask, one.mask),
  );
  return isKnown ? undefined : 'has another pattern';
}
