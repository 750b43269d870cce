import { AnyarchError } from '../../core/error.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { systemDirectory } from '../../host/system-directory.ts';
import { SystemError, ignoring } from '../../host/system-error.ts';
import { entryNames } from '../../registration/index.ts';
import { bootEntry, ruleLine, type BootEntry } from '../boot-entry.ts';
import { escaped, takesProgramsOf } from '../configuration.ts';
import { compareBytes } from '../order/binfmt-d.ts';
import { readFormats, type Format } from '../order/formats.ts';
import { persistedTarget, templatesDirectory } from '../places.ts';

type FormatsHost = Pick<Host, 'files' | 'processes' | 'binfmt'>;

const ownPackage = 'anyarch';

/**
 * binfmt-support registers no format with a pinned interpreter when another format has the same magic
 * (src/update-binfmts.c, `act_enable`), and takes that one's flag F away from it, too.
 *
 * @throws AnyarchError ANYARCH_PERSIST_CLASH
 */
export function refuseClashes(host: Pick<Host, 'files'>, entries: readonly BootEntry[]): void {
  const others = readFormats(host).filter((format) => format.package !== ownPackage);
  for (const entry of entries) {
    const other = others.find((format) => isClash(format, entry));
    if (other !== undefined) throw clash(entry, other);
  }
}

/** By name, by a pattern that is spelled alike, or by being registered later for the same programs. */
function isClash({ rule, magic }: Format, entry: BootEntry): boolean {
  return (
    rule.name === entry.rule.name ||
    magic === escaped(entry.rule.magic) ||
    (takesProgramsOf(rule, entry.rule) && compareBytes(rule.name, entry.rule.name) > 0)
  );
}

function clash({ target }: BootEntry, { file, package: owner }: Format): AnyarchError {
  const who = owner === ':' ? 'the administrator' : `the package ${owner}`;
  return new AnyarchError(
    'ANYARCH_PERSIST_CLASH',
    `binfmt-support registers ${target} at boot already, for ${who}: ${file}`,
    {
      hint:
        owner === ':'
          ? `remove that one with update-binfmts --remove, or leave ${target} out`
          : `leave ${target} out, or remove that package: apt remove ${owner}`,
      details: { path: file },
    },
  );
}

/**
 * Takes the templates into binfmt-support's database. `update-binfmts` removes an entry of the name before it registers it
 * anew: another one takes the programs meanwhile.
 *
 * @throws AnyarchError ANYARCH_PERSIST_CLASH where the format is not in the database afterwards
 */
export function importFormats(host: FormatsHost, entries: readonly BootEntry[]): void {
  const missing = entries.filter((entry) => !isImported(host, entry));
  if (missing.length === 0) return;
  withStandIns(host, missing, () => {
    for (const entry of missing) {
      const file = `${templatesDirectory}/${entry.rule.name}`;
      const { reason } = run(host, ['--package', ownPackage, '--import', file]);
      if (isImported(host, entry)) continue;
      throw new AnyarchError('ANYARCH_PERSIST_CLASH', `update-binfmts did not take ${file}: ${reason}`, {
        hint: `update-binfmts --display ${entry.rule.name}`,
      });
    }
  });
}

/**
 * What the database has of ours, whatever any record says: of our package, with an interpreter below `systemDirectory`.
 */
export function ownFormats(host: Pick<Host, 'files'>): Format[] {
  return readFormats(host).filter(
    (format) => format.package === ownPackage && format.rule.interpreter.startsWith(`${systemDirectory}/`),
  );
}

/** The entries that our formats make at boot. */
export function formatEntries(host: Pick<Host, 'files'>): BootEntry[] {
  return ownFormats(host).flatMap(({ rule }): BootEntry[] => {
    const target = persistedTarget(rule.interpreter);
    return target === undefined ? [] : [{ target, rule }];
  });
}

/**
 * Removes those of our formats that have none of these names from the database. `update-binfmts` takes their entries
 * out of the table, too: what is registered now is registered again.
 *
 * @throws AnyarchError ANYARCH_PERSIST_CLASH where one stays
 */
export function removeFormats(host: FormatsHost, wanted: readonly BootEntry[]): void {
  const isWanted = ({ rule }: Format) => wanted.some((entry) => entry.rule.name === rule.name);
  const stale = ownFormats(host).filter((format) => !isWanted(format));
  if (stale.length === 0) return;
  const entries = formatEntries(host).filter(({ rule }) => stale.some((one) => one.rule.name === rule.name));
  withStandIns(host, entries, () => {
    for (const format of stale) removeFormat(host, format);
  });
}

function removeFormat(host: FormatsHost, { file, rule }: Format): void {
  const words = ['--package', ownPackage, '--remove', rule.name, rule.interpreter];
  const { reason, isThere } = run(host, words);
  // Without its program nothing reads the database: the file is all that is left.
  if (!isThere) host.files.remove(file);
  if (ownFormats(host).every((format) => format.file !== file)) return;
  throw new AnyarchError('ANYARCH_PERSIST_CLASH', `update-binfmts did not remove ${file}: ${reason}`, {
    hint: `update-binfmts ${words.join(' ')}`,
  });
}

/** Whether the database has exactly that entry. */
function isImported(host: Pick<Host, 'files'>, entry: BootEntry): boolean {
  return ownFormats(host).some(({ rule }) => ruleLine({ ...entry, rule }) === ruleLine(entry));
}

/**
 * Other entries take the programs while the action has the table without these. Those that were registered are
 * afterwards, too, also those that a killed command has left without.
 */
function withStandIns(host: FormatsHost, entries: readonly BootEntry[], action: () => void): void {
  if (host.binfmt.state() !== 'mounted') {
    action();
    return;
  }
  const table = host.binfmt.table();
  const isListed = (name: string) => table.list().includes(name);
  const temporary = ({ target }: BootEntry) => entryNames(target).temporary;
  const live = entries.filter((entry) => isListed(entry.rule.name) || isListed(temporary(entry)));
  const register = (entry: BootEntry): void => {
    // A killed command has left a stand-in: it does the same. A file that is gone cannot be registered.
    ignoring(['EEXIST', 'ENOENT', 'EACCES', 'ENOEXEC'], () => {
      table.register(encodeUtf8(ruleLine(entry)));
    });
  };
  for (const entry of live) register(bootEntry(entry.target, temporary(entry), entry.rule.flags));
  try {
    action();
  } finally {
    for (const entry of live) {
      if (!isListed(entry.rule.name)) register(entry);
      // Else it is all that runs the programs.
      if (isListed(entry.rule.name))
        ignoring(['ENOENT'], () => {
          table.control(temporary(entry), '-1');
        });
    }
  }
}

/** Ends what a killed command has left half-way. */
export function settleStandIns(host: FormatsHost, entries: readonly BootEntry[]): void {
  if (host.binfmt.state() !== 'mounted') return;
  const names = host.binfmt.table().list();
  const replaced = entries.filter(({ target }) => names.includes(entryNames(target).temporary));
  withStandIns(host, replaced, () => undefined);
}

function run({ processes }: FormatsHost, words: readonly string[]): { reason: string; isThere: boolean } {
  const { startError, stderr, exitCode } = processes.run(['update-binfmts', ...words], {
    environment: { LC_ALL: 'C' },
  });
  if (startError === 'ENOENT') return { reason: 'there is no update-binfmts', isThere: false };
  if (startError !== undefined) throw new SystemError(startError, 'execve', 'update-binfmts');
  const said = stderr.trim();
  return { reason: said === '' ? `it ended with ${exitCode ?? 'a signal'}` : said, isThere: true };
}
