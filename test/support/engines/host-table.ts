import { readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { succeed } from '../command.ts';
import { acquireLock } from '../lock.ts';
import { forgetLoan, noteLoan, pendingLoan, tableLock } from './table-loan.ts';

const tablePath = '/proc/sys/fs/binfmt_misc';

export interface TableState {
  /** The global switch. */
  readonly enabled: boolean;
  /** Name to the kernel's text, the newest first. */
  readonly entries: ReadonlyMap<string, string>;
}

/** The host's table as a suite that borrows it sees it. */
export interface HostTable {
  readonly register: (rule: string) => void;
  readonly remove: (name: string) => void;
  readonly state: () => TableState;
  /** Fails when the table is not what it was when it was borrowed; names what differs. */
  readonly expectUnchanged: () => void;
}

/**
 * Borrows the host's table for the tests of the enclosing suite: it is mounted when it was not, no other test process
 * uses it meanwhile, and it is given back as it was. The suite fails when the tests left anything to restore.
 */
export function useHostTable(): HostTable {
  let borrowed: BorrowedTable | undefined;
  beforeAll(async () => {
    borrowed = await borrowHostTable();
  });
  afterAll(async () => {
    await borrowed?.giveBack();
  });
  return {
    register: (rule) => {
      writeFileSync(join(tablePath, 'register'), rule);
    },
    remove: removeEntry,
    state: readState,
    expectUnchanged: () => {
      if (borrowed === undefined) throw new Error('the host table has not been borrowed');
      expectSame(readState(), borrowed.before);
    },
  };
}

/**
 * Gives back what a test run that was killed had borrowed. Where somebody has the table now, there is nothing to do:
 * whoever takes it, does this first.
 *
 * @returns what was done, for people
 */
export async function recoverHostTable(): Promise<string | undefined> {
  if (pendingLoan() === undefined) return undefined;
  const release = await acquireLock(tableLock, 0).catch(() => undefined);
  if (release === undefined) return undefined;
  try {
    return await settlePendingLoan();
  } finally {
    await release();
  }
}

interface BorrowedTable {
  readonly before: TableState;
  readonly giveBack: () => Promise<void>;
}

async function borrowHostTable(): Promise<BorrowedTable> {
  const release = await acquireLock(tableLock, patienceSeconds);
  await settlePendingLoan();
  const mountedHere = !isMounted();
  if (mountedHere) await mount();
  const before = readState();
  noteLoan({ mountedHere, enabled: before.enabled, entries: [...before.entries] });
  return {
    before,
    giveBack: async () => {
      const after = readState();
      restore(before, after);
      if (mountedHere) await succeed(['umount', tablePath]);
      forgetLoan();
      await release();
      expectSame(after, before);
    },
  };
}

/** The caller has the lock. */
async function settlePendingLoan(): Promise<string | undefined> {
  const loan = pendingLoan();
  if (loan === undefined) return undefined;
  if (!isMounted()) await mount();
  const after = readState();
  restore({ enabled: loan.enabled, entries: new Map(loan.entries) }, after);
  if (loan.mountedHere) await succeed(['umount', tablePath]);
  forgetLoan();
  const before = loan.entries.map(([name]) => name).join(', ');
  return `the host's table had ${[...after.entries.keys()].join(', ') || 'no entries'}, and again has what it had before: ${before || 'no entries'}`;
}

function mount(): Promise<unknown> {
  return succeed(['mount', '-t', 'binfmt_misc', 'binfmt_misc', tablePath]);
}

// Less than a hook's time, so that it is said who has the table.
const patienceSeconds = 540;
const binfmtMiscMagic = 0x42494e4d; // linux/magic.h

function isMounted(): boolean {
  // Looking at a name below the path makes an automount point mount; one that is not there mounts nothing.
  try {
    readFileSync(join(tablePath, 'status'));
  } catch {
    return false;
  }
  return statfsSync(tablePath).type === binfmtMiscMagic;
}

function readState(): TableState {
  const names = readdirSync(tablePath).filter((name) => name !== 'register' && name !== 'status');
  return {
    enabled: readFileSync(join(tablePath, 'status'), 'utf8').trim() === 'enabled',
    entries: new Map(names.map((name) => [name, readFileSync(join(tablePath, name), 'utf8')])),
  };
}

/** Maps compare without order, and here the order is the kernel's. */
function expectSame(actual: TableState, expected: TableState): void {
  expect({ enabled: actual.enabled, entries: [...actual.entries] }).toEqual({
    enabled: expected.enabled,
    entries: [...expected.entries],
  });
}

function restore(before: TableState, after: TableState): void {
  if (before.enabled !== after.enabled) writeFileSync(join(tablePath, 'status'), before.enabled ? '1' : '0');
  for (const [name, text] of after.entries) if (before.entries.get(name) !== text) removeEntry(name);
  // The oldest first, so that the kernel's order comes out as it was.
  for (const [name, text] of [...before.entries].reverse()) {
    if (after.entries.get(name) === text) continue;
    writeFileSync(join(tablePath, 'register'), ruleOf(name, text));
    if (text.startsWith('disabled')) writeFileSync(join(tablePath, name), '0');
  }
}

function removeEntry(name: string): void {
  writeFileSync(join(tablePath, name), '-1');
}

/** The rule that makes an entry which prints this text. */
function ruleOf(name: string, text: string): string {
  const field = (key: string): string => new RegExp(`^${key}:? ?(.*)$`, 'm').exec(text)?.[1] ?? '';
  const escape = (hex: string): string => hex.replaceAll(/../g, '\\x$&');
  const flags = field('flags');
  const extension = field('extension');
  return extension === ''
    ? `:${name}:M:${field('offset')}:${escape(field('magic'))}:${escape(field('mask'))}:${field('interpreter')}:${flags}`
    : `:${name}:E::${extension.replace(/^\./, '')}::${field('interpreter')}:${flags}`;
}
