import type { Entry } from '../../core/entry.ts';
import { formatEntry } from '../../core/entry.ts';
import { AnyarchError } from '../../core/error.ts';
import { parseRule } from '../../core/rule.ts';
import type { Rule } from '../../core/rule.ts';
import { SystemError } from '../system-error.ts';
import type { Children, FakeFile, FakeNode } from './fake-node.ts';
import { newInode } from './fake-node.ts';

/** A registered entry with what the kernel keeps besides its text. */
export interface FakeEntry {
  entry: Entry;
  /** Flag F: the file that the interpreter's path led to at registration. */
  readonly pinned: FakeFile | undefined;
}

/** A binfmt_misc instance that answers as the kernel does; test/contract/kernel-table.ts holds it to that. */
export interface FakeTable {
  /** The newest first. */
  readonly entries: readonly FakeEntry[];
  readonly enabled: boolean;
  /** What its directory contains, to be mounted. */
  readonly children: Children;
}

export function fakeTable(
  openForExecution: (path: string) => FakeFile,
  now: () => number = () => 0,
): FakeTable {
  const nodes = new Map<FakeEntry, FakeNode>();
  let enabled = true;

  const find = (name: string) => [...nodes.keys()].find(({ entry }) => entry.name === name);
  const remove = (removed: FakeEntry): void => {
    nodes.delete(removed);
    if (removed.pinned !== undefined) removed.pinned.executing -= 1;
  };

  const register = (bytes: Uint8Array): void => {
    const { rule, tooLong } = readRule(bytes);
    // The kernel opens the interpreter before it looks at the name.
    const pinned = rule.flags.fixBinary ? openForExecution(rule.interpreter) : undefined;
    if (tooLong) throw refusal('ENAMETOOLONG');
    if (children.get(rule.name) !== undefined) throw refusal('EEXIST');
    if (pinned !== undefined) pinned.executing += 1;
    const added: FakeEntry = { entry: { ...rule, enabled: true }, pinned };
    nodes.set(
      added,
      controlFile(
        () => formatEntry(added.entry),
        (data) => {
          const command = parseCommand(data);
          if (command === 'remove') remove(added);
          if (command === 'enable' || command === 'disable')
            added.entry = { ...added.entry, enabled: command === 'enable' };
        },
        { modifiedMs: now() },
      ),
    );
  };

  const ownFiles: Readonly<Record<string, FakeNode>> = {
    register: controlFile(() => '', register, { mode: 0o200 }),
    status: controlFile(
      () => (enabled ? 'enabled\n' : 'disabled\n'),
      (data) => {
        const command = parseCommand(data);
        if (command === 'remove') [...nodes.keys()].forEach(remove);
        if (command === 'enable' || command === 'disable') enabled = command === 'enable';
      },
    ),
  };

  const children: Children = {
    get: (name) => {
      const found = find(name);
      return found === undefined ? ownFiles[name] : nodes.get(found);
    },
    keys: () => [...newestFirst().map(({ entry }) => entry.name), ...Object.keys(ownFiles)],
    set: () => {
      throw refusal('EACCES');
    },
    delete: () => {
      throw refusal('EPERM');
    },
  };

  const newestFirst = () => [...nodes.keys()].reverse();
  return {
    get entries() {
      return newestFirst();
    },
    get enabled() {
      return enabled;
    },
    children,
  };
}

const letterX = 0x78;

/** With a name that is too long, the rest of the rule is still read: what is wrong with it is reported first. */
function readRule(bytes: Uint8Array): { rule: Rule; tooLong: boolean } {
  try {
    return { rule: parseRule(bytes), tooLong: false };
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_RULE_INVALID') throw error;
    if (error.details['errno'] !== 'ENAMETOOLONG') throw refusal('EINVAL');
    const [delimiter = 0] = bytes;
    const rest = bytes.subarray(bytes.indexOf(delimiter, 1));
    const shortName = delimiter === letterX ? letterX + 1 : letterX;
    return { rule: parseRule(Uint8Array.of(delimiter, shortName, ...rest)), tooLong: true };
  }
}

/** fs/binfmt_misc.c, `parse_command`. */
function parseCommand(data: Uint8Array): 'enable' | 'disable' | 'remove' | undefined {
  if (data.length === 0) return undefined;
  if (data.length > 3) throw refusal('EINVAL');
  switch (String.fromCharCode(...data).replace(/\n$/, '')) {
    case '0':
      return 'disable';
    case '1':
      return 'enable';
    case '-1':
      return 'remove';
    default:
      throw refusal('EINVAL');
  }
}

function controlFile(
  read: () => string,
  onWrite: (data: Uint8Array) => void,
  { mode = 0o644, modifiedMs = 0 } = {},
): FakeFile {
  return {
    kind: 'file',
    get data() {
      return new TextEncoder().encode(read());
    },
    mode,
    uid: 0,
    gid: 0,
    inode: newInode(),
    modifiedMs,
    executing: 0,
    onWrite,
  };
}

function refusal(errno: string): SystemError {
  return new SystemError(errno, 'write to the fake binfmt_misc');
}
