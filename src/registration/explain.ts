import { architectureOfElf } from '../core/elf-architecture.ts';
import { isElf } from '../core/elf-header.ts';
import { readElf } from '../core/elf.ts';
import { AnyarchError } from '../core/error.ts';
import { ruleLimits } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { explainEntries } from './explain-entries.ts';
import type { Content, Explanation, Level } from './explanation.ts';
import { fileProblem } from './file-problem.ts';
import { nativeArchitectures } from './native.ts';
import { withProver } from './prove.ts';
import { readScriptLine } from './script-line.ts';
import { isShellText } from './shell-text.ts';
import { survey, type Survey } from './survey.ts';
import { touchAutofs } from './table.ts';
import { deepest, pinnedOnly, pinnedUnseen, refusedBehind, verdictOn } from './verdict.ts';

export interface ExplainOptions {
  /** Where a dynamic program's loader is looked up. Default `/`. */
  readonly root?: string;
  /** Default `stateDirectory`. */
  readonly state?: string;
}

/** What execve would do with a file here, and why. Executes nothing but probes of what is native. */
export function explainFile(
  host: Host,
  path: string,
  { root = '/', state = stateDirectory(host.system) }: ExplainOptions = {},
): Explanation {
  touchAutofs(host);
  const found = survey(host, state, { tolerant: true });
  for (const { message, hint } of found.problems) host.log.warn(`${message}\n  next: ${hint ?? ''}`);
  const native = withProver(host, state, (prover) => nativeArchitectures(host, found.table, prover));
  const levels = followLevels(host, found, native, path);
  const { path: tablePath, state: tableState, enabled } = found.table;
  return {
    path,
    table: { path: tablePath, state: tableState, enabled },
    levels,
    verdict: verdictOn(host, levels, { table: found.table, entries: found.entries, root }),
  };
}

/** From the program to what it is run by, as far as the kernel goes, and one further to show what it refuses. */
function followLevels(host: Host, found: Survey, native: ReadonlySet<string>, path: string): Level[] {
  const levels: Level[] = [];
  let next: string | undefined = path;
  while (
    next !== undefined &&
    levels.length <= deepest + 1 &&
    refusedBehind(levels, found.entries) === undefined
  ) {
    const pinned: boolean = levels.length > 0 && isPinned(levels.at(-1), found);
    const level: Level = explainLevel(host, found, native, next, pinned);
    levels.push(level);
    next = handOver(level);
  }
  return levels;
}

function handOver(level: Level): string | undefined {
  if (level.takenBy === 'entry') return level.entries.find(({ name }) => name === level.winner)?.interpreter;
  return level.takenBy === 'script' && level.content.kind === 'script'
    ? level.content.interpreter
    : undefined;
}

/** With F the interpreter was opened at registration: what the path leads to now does not matter. */
function isPinned(above: Level | undefined, { entries }: Survey): boolean {
  if (above?.takenBy !== 'entry') return false;
  return entries.find(({ listed }) => listed.name === above.winner)?.listed.entry?.flags.fixBinary === true;
}

function explainLevel(
  host: Host,
  { table, entries }: Survey,
  native: ReadonlySet<string>,
  path: string,
  pinned: boolean,
): Level {
  const problem = fileProblem(host, path);
  if (problem !== undefined && !pinned) return unseen(path, problem);
  if (problem?.errno === 'ENOENT') return unseen(path, { ...problem, reason: pinnedOnly });
  const header = readHeader(host, path);
  if (!(header instanceof Uint8Array))
    return unseen(path, pinned ? { ...header, reason: pinnedUnseen } : header);
  const content = contentOf(host, path, header, native);
  const { verdicts, winner } = explainEntries({ header, fileName: path }, table, entries);
  const takenBy = winner !== undefined ? 'entry' : takerOf(content);
  return { path, content, entries: verdicts, takenBy, winner: winner?.listed.name };
}

function unseen(path: string, problem: { readonly errno: string; readonly reason: string }): Level {
  return { path, content: { kind: 'unseen', ...problem }, entries: [], takenBy: 'nobody', winner: undefined };
}

function takerOf(content: Content): Level['takenBy'] {
  if (content.kind === 'script') return 'script';
  return content.kind === 'elf' && content.isNative && content.linkage !== 'none' ? 'kernel' : 'nobody';
}

function readHeader(
  { files }: Host,
  path: string,
): Uint8Array | { readonly errno: string; readonly reason: string } {
  try {
    return files.readAt(path, 0, ruleLimits.header);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return {
      errno: error.errno,
      reason: `${path} may be executed but not read (${error.errno}): what it is can only be told as root`,
    };
  }
}

function contentOf(host: Host, path: string, header: Uint8Array, native: ReadonlySet<string>): Content {
  const text = { isShellText: isShellText(header) };
  const script = readScriptLine(header);
  if (script !== undefined) return { kind: 'script', ...script, ...text };
  if (header.length === 0) return { kind: 'other', description: 'an empty file', ...text };
  if (!isElf(header))
    return { kind: 'other', description: 'neither an ELF program nor a script with #!', ...text };
  try {
    const size = host.files.status(path)?.size ?? header.length;
    const elf = readElf({ size, read: (offset, length) => host.files.readAt(path, offset, length) });
    const architecture = architectureOfElf(elf);
    const { class: elfClass, endianness, machine, linkage } = elf;
    const isNative = architecture !== undefined && native.has(architecture.name);
    return {
      kind: 'elf',
      architecture: architecture?.name,
      class: elfClass,
      endianness,
      machine,
      linkage,
      loader: elf.interpreter,
      isNative,
    };
  } catch (error) {
    if (error instanceof AnyarchError) return { kind: 'other', description: error.message, ...text };
    throw error;
  }
}
