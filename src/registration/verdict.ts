import { architectures } from '../core/architecture.ts';
import { followInside } from '../host/follow-inside.ts';
import type { Host } from '../host/host.ts';
import type { Content, EntryVerdict, Level, Verdict } from './explanation.ts';
import type { KnownEntry } from './plan-data.ts';
import { remedyFor } from './remedy.ts';
import { messagesFor, type FileSort } from './seen-messages.ts';
import type { Table } from './table.ts';

export interface VerdictParts {
  readonly table: Table;
  readonly entries: readonly KnownEntry[];
  /** Where a dynamic program's loader is looked up. */
  readonly root: string;
}

/** The kernel follows a chain of so many interpreters, and gives up with ELOOP (fs/exec.c, `exec_binprm`). */
export const deepest = 5;

/** The reason in the content of an interpreter that exists only as a pinned inode. */
export const pinnedOnly = 'the file is gone; its inode is pinned and keeps running';

/** The same for one in a directory that is closed to this user. */
export const pinnedUnseen = 'what is there now cannot be read; the inode that is pinned keeps running';

/** What becomes of a program that the kernel hands on along these levels. */
export function verdictOn(host: Pick<Host, 'files'>, levels: readonly Level[], parts: VerdictParts): Verdict {
  const first = levels[0];
  const last = levels.at(-1);
  if (first === undefined || last === undefined) throw new Error('a verdict needs a level');
  const isPinned = last.content.kind === 'unseen' && [pinnedOnly, pinnedUnseen].includes(last.content.reason);
  // The next interpreter is opened before the kernel looks at what it has come to.
  if (last.content.kind === 'unseen' && !isPinned) return cannotOpen(levels, last, last.content, parts);
  const refused = refusedBehind(levels, parts.entries);
  if (refused !== undefined) return fails(first, 'ENOEXEC', refused, remedyFor(first, parts));
  if (levels.length > deepest + 1) return fails(first, 'ELOOP', loopReason(levels), remedyFor(first, parts));
  if (isPinned) return emulated(host, levels, parts);
  if (last.takenBy === 'nobody')
    return fails(first, 'ENOEXEC', noTakerReason(last, parts.table), remedyFor(last, parts));
  const problem = loaderProblem(host, last.content, last === first ? parts.root : '/');
  if (problem !== undefined) {
    return fails(
      first,
      problem.errno,
      `the loader ${problem.loader} of ${last.path} ${problem.what}`,
      last === first ? undefined : remedyFor(first, parts),
    );
  }
  if (levels.some(({ takenBy }) => takenBy === 'entry')) return emulated(host, levels, parts);
  return {
    outcome: 'native',
    errno: undefined,
    reason: nativeReason(levels),
    runs: last.path,
    messages: [],
    remedy: undefined,
  };
}

function fails({ path, content }: Level, errno: string, reason: string, remedy: string | undefined): Verdict {
  const sort = sortOf(content);
  return {
    outcome: 'fails',
    errno,
    reason:
      errno === 'ENOEXEC' && sort === 'shell text'
        ? `${reason}; shells then run ${path} as a script of theirs`
        : reason,
    runs: undefined,
    messages: messagesFor(errno, path, sort),
    remedy,
  };
}

function sortOf(content: Content): FileSort {
  if (content.kind === 'unseen') return 'missing';
  return content.kind !== 'elf' && content.isShellText ? 'shell text' : 'program';
}

/**
 * Why the last interpreter is not looked at any more; undefined when it is. With flag O, which C brings along, the
 * kernel holds the program open for the interpreter, and it can hold one: an interpreter that is interpreted itself
 * fails with ENOEXEC (fs/exec.c, `exec_binprm`; measured on Linux 6.18).
 */
export function refusedBehind(levels: readonly Level[], entries: readonly KnownEntry[]): string | undefined {
  const [opener, interpreter] = levels.slice(-3);
  if (opener === undefined || interpreter === undefined || levels.length < 3) return undefined;
  const { entry } = entries.find(({ listed }) => listed.name === opener.winner)?.listed ?? {};
  if (opener.takenBy !== 'entry' || entry === undefined) return undefined;
  if (!entry.flags.openBinary && !entry.flags.credentials) return undefined;
  const flag = entry.flags.credentials ? 'C' : 'O';
  const how =
    interpreter.takenBy === 'script'
      ? 'is a script'
      : `is itself taken by the entry ${interpreter.winner ?? ''}`;
  return `the interpreter ${interpreter.path} of the entry ${entry.name} ${how}, which an entry with flag ${flag} does not allow`;
}

function nativeReason(levels: readonly Level[]): string {
  return levels.length === 1
    ? 'the kernel runs it itself'
    : `the kernel runs it with ${levels
        .slice(1)
        .map(({ path }) => path)
        .join(', then ')}`;
}

function loopReason(levels: readonly Level[]): string {
  const last = levels.at(-1);
  const paths = levels.map(({ path }) => path);
  if (new Set(paths).size === paths.length)
    return `the kernel follows ${deepest} interpreters in a row, and ${last?.path ?? ''} would be one more`;
  return last?.winner === undefined
    ? 'scripts name each other as interpreters'
    : `the interpreter ${last.path} is taken by the entry ${last.winner} itself`;
}

function cannotOpen(
  levels: readonly Level[],
  last: Level,
  { errno, reason }: Extract<Content, { kind: 'unseen' }>,
  parts: VerdictParts,
): Verdict {
  const [first = last] = levels;
  const above = levels.at(-2);
  if (above === undefined) return fails(first, errno, reason, undefined);
  const whose =
    above.takenBy === 'entry' ? `the entry ${above.winner ?? ''}` : `the #! line of ${above.path}`;
  return fails(
    first,
    errno,
    `${whose} names an interpreter that cannot be started: ${reason}`,
    above.takenBy === 'entry' ? remedyFor(above, parts) : undefined,
  );
}

function noTakerReason({ path, content, entries }: Level, table: Table): string {
  const off = entries.find(({ result }) => result === 'switched-off');
  const disabled = entries.find(
    ({ result, reason }) => result === 'disabled' && reason.startsWith('it would'),
  );
  if (off !== undefined) return `the entry ${off.name} matches, but binfmt_misc is switched off as a whole`;
  if (disabled !== undefined) return `the entry ${disabled.name} would match, but it is disabled`;
  if (content.kind === 'other') return `${path} is ${content.description}, and no entry takes it`;
  const what =
    content.kind === 'elf' && content.architecture !== undefined
      ? `a program for ${content.architecture}`
      : 'a program for an architecture that QEMU does not emulate';
  return table.state === 'mounted'
    ? `it is ${what}, and no entry takes it`
    : `it is ${what}, and binfmt_misc is not mounted here`;
}

function emulated(host: Pick<Host, 'files'>, levels: readonly Level[], { root }: VerdictParts): Verdict {
  const above = levels.findLast(({ takenBy }) => takenBy === 'entry');
  const winner: EntryVerdict | undefined = above?.entries.find(({ name }) => name === above.winner);
  const runs = winner?.interpreter;
  const reason = `the entry ${winner?.name ?? ''} runs it with ${runs ?? ''}`;
  const problem = above === undefined ? undefined : loaderProblem(host, above.content, root);
  if (problem === undefined || runs?.includes('/qemu-') !== true) {
    return { outcome: 'emulated', errno: undefined, reason, runs, messages: [], remedy: undefined };
  }
  const name = runs.slice(runs.lastIndexOf('/') + 1);
  return {
    outcome: 'fails',
    errno: undefined,
    reason: `${reason}, but the program's loader ${problem.loader} ${problem.what}`,
    runs,
    messages:
      problem.errno === 'ENOENT'
        ? [
            {
              by: name,
              message: `Could not open '${problem.loader}': No such file or directory`,
              exitCode: 255,
            },
          ]
        : [],
    remedy: loaderRemedy(above?.content),
  };
}

function loaderRemedy(content: Content | undefined): string | undefined {
  if (content?.kind !== 'elf') return undefined;
  const architecture = architectures.find(({ name }) => name === content.architecture);
  const debian = architecture?.debian[0];
  const run = `anyarch run -a ${content.architecture ?? ''} --rootfs DIR -- PROGRAM, with a root file system of its architecture`;
  return debian === undefined
    ? run
    : `${run}; or dpkg --add-architecture ${debian} && apt update && apt install libc6:${debian}`;
}

/** Undefined when the program needs no loader or has it. */
function loaderProblem(
  { files }: Pick<Host, 'files'>,
  content: Content,
  root: string,
): { readonly loader: string; readonly errno: string; readonly what: string } | undefined {
  if (content.kind !== 'elf' || content.loader === undefined) return undefined;
  const { loader } = content;
  const path = followInside(files, root, loader);
  if (path === undefined) return { loader, errno: 'ENOENT', what: `is not in ${root}` };
  return files.linkStatus(path)?.kind === 'file'
    ? undefined
    : { loader, errno: 'EACCES', what: `in ${root} is no regular file` };
}
