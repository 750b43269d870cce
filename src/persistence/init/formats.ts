import { AnyarchError } from '../../core/error.ts';
import { encodeUtf8 } from '../../core/text.ts';
import { entryNames } from '../../registration/index.ts';
import type { Host } from '../../host/host.ts';
import { SystemError, ignoring } from '../../host/system-error.ts';
import { bootEntry, ruleLine, type BootEntry } from '../boot-entry.ts';
import { escaped } from '../configuration.ts';
import { readFormats, type Format } from '../order/formats.ts';
import { templatesDirectory } from '../places.ts';

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

function isClash({ rule, magic }: Format, entry: BootEntry): boolean {
  return rule.name === entry.rule.name || magic === escaped(entry.rule.magic);
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
      const { stderr } = run(host, ['--package', ownPackage, '--import', file]);
      if (isImported(host, entry)) continue;
      throw new AnyarchError(
        'ANYARCH_PERSIST_CLASH',
        `update-binfmts did not take ${file}: ${stderr.trim()}`,
        {
          hint: `update-binfmts --display ${entry.rule.name}`,
        },
      );
    }
  });
}

/**
 * Removes them from the database, and from the table; `entries` are registered anew, or not, by who calls this.
 */
export function removeFormats(host: FormatsHost, entries: readonly BootEntry[]): void {
  for (const { rule } of entries) {
    if (!readFormats(host).some((format) => isOurs(format) && format.rule.name === rule.name)) continue;
    run(host, ['--package', ownPackage, '--remove', rule.name, rule.interpreter]);
    const left = readFormats(host).find((format) => isOurs(format) && format.rule.name === rule.name);
    if (left === undefined) continue;
    throw new AnyarchError('ANYARCH_PERSIST_CLASH', `update-binfmts did not remove ${left.file}`, {
      hint: `update-binfmts --package ${ownPackage} --remove ${rule.name} ${rule.interpreter}`,
    });
  }
}

/** Whether the database has exactly that entry. */
function isImported(host: Pick<Host, 'files'>, entry: BootEntry): boolean {
  return readFormats(host).some(
    (format) => isOurs(format) && ruleLine({ ...entry, rule: format.rule }) === ruleLine(entry),
  );
}

function isOurs(format: Format): boolean {
  return format.package === ownPackage;
}

/**
 * Other entries take the programs while the action has the table without these.
 *
 * @param options.stay `register` of registration/ finds and removes them once the entry itself runs a probe
 */
export function withStandIns(
  host: FormatsHost,
  entries: readonly BootEntry[],
  action: () => void,
  { stay = false }: { readonly stay?: boolean } = {},
): void {
  const table = host.binfmt.table();
  for (const { target, rule } of entries) {
    const standIn = bootEntry(target, entryNames(target).temporary, rule.flags);
    // A killed command has left it: it does the same.
    ignoring(['EEXIST'], () => {
      table.register(encodeUtf8(ruleLine(standIn)));
    });
  }
  action();
  if (stay) return;
  for (const { target } of entries) {
    ignoring(['ENOENT'], () => {
      table.control(entryNames(target).temporary, '-1');
    });
  }
}

function run({ processes }: FormatsHost, words: readonly string[]): { stderr: string } {
  const { startError, stderr, exitCode } = processes.run(['update-binfmts', ...words], {
    environment: { LC_ALL: 'C' },
  });
  if (startError !== undefined) throw new SystemError(startError, 'execve', 'update-binfmts');
  return { stderr: stderr === '' && exitCode !== 0 ? `it ended with ${exitCode ?? 'a signal'}` : stderr };
}
