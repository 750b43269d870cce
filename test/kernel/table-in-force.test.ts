import { readlinkSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import type { Step } from '../../src/core/launcher/program.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { tableInForce } from '../../src/table-in-force/index.ts';
import type { TableInForce } from '../../src/table-in-force/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import type { Holder } from '../support/holder.ts';
import {
  coverTable,
  hideFiles,
  mountTable,
  nestedNamespaces,
  registerEmulator,
  unmountTable,
} from '../support/nested-namespaces.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const host = nodeHost();
const holders: Holder[] = [];

afterEach(async () => {
  await Promise.all(holders.splice(0).map(({ close }) => close()));
});

async function namespaces(steps: readonly Step[], around?: Holder): Promise<Holder> {
  const holder = await nestedNamespaces(steps, around);
  holders.push(holder);
  return holder;
}

function find({ pid }: Holder): TableInForce {
  return tableInForce(host, pid, { state: temporaryDirectory('state') });
}

/** What it comes down to. */
function summary(found: TableInForce) {
  return {
    whose: found.whose,
    foundBy: found.foundBy,
    entries: found.status.entries.map(({ name, proof }) => [name, proof?.status]),
    warnings: found.warnings.map(({ kind }) => kind),
  };
}

function namespaceOf({ pid }: Holder): number {
  return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/user`))![0]);
}

describeWith([needs.qemu, needs.hostTable], 'the table in force for a process', () => {
  test('is its own, and the one of the namespaces inside that have none', async () => {
    const outer = await namespaces([mountTable, ...registerEmulator('s390x')]);
    const inner = await namespaces([], outer);
    expect(summary(find(outer))).toEqual({
      whose: 'own',
      foundBy: 'probe',
      entries: [['qemu-s390x', 'proven']],
      warnings: ['throw-away'],
    });
    const found = find(inner);
    expect(summary(found)).toMatchObject({ whose: 'outer', entries: [['qemu-s390x', 'proven']] });
    expect(found.owner).toMatchObject({ inode: namespaceOf(outer), isInitial: false });
    expect(found.namespaces.map(({ inode }) => inode).slice(0, 2)).toEqual([inner, outer].map(namespaceOf));
    expect(found.namespaces.at(-1)).toMatchObject({ isInitial: true, owner: 0 });
    // Each process once, not by the name of the launcher's file; the inner one has a mount namespace of its own.
    const both = [outer, inner].map(({ pid }) => `${pid} (anyarch run)`).join(', ');
    expect(found.warnings[0]!.message).toContain(`all of the processes ${both} and those`);
    expect(find(outer).process.command).toBe('anyarch run');
  });

  test('is the host’s where no namespace has one', async () => {
    const found = find(await namespaces([]));
    // Whether anything is mounted and registered on this host is not ours to say.
    expect(['host', 'none']).toContain(found.whose);
    expect(found.warnings.map(({ kind }) => kind)).not.toContain('throw-away');
  });

  test('is an empty one that shadows, which is told, and what it lacks', async () => {
    const outer = await namespaces([
      mountTable,
      ...registerEmulator('s390x'),
      ...registerEmulator('riscv64'),
    ]);
    const empty = await namespaces([mountTable], outer);
    const found = find(empty);
    expect(summary(found)).toMatchObject({ whose: 'own', entries: [] });
    expect(found.warnings[0]).toMatchObject({ kind: 'empty' });
    expect(found.warnings[0]!.message).toContain('qemu-riscv64, qemu-s390x');
    const partial = find(await namespaces([mountTable, ...registerEmulator('s390x')], outer));
    expect(summary(partial)).toMatchObject({ whose: 'own', warnings: ['hides-others', 'throw-away'] });
    expect(partial.warnings[0]!.message).toMatch(/: qemu-riscv64$/);
  });

  test('is one that is mounted no more, although the outer one is to be seen', async () => {
    const outer = await namespaces([mountTable, ...registerEmulator('s390x')]);
    const inner = await namespaces([mountTable, ...registerEmulator('s390x'), unmountTable], outer);
    const found = find(inner);
    expect(summary(found)).toMatchObject({
      whose: 'unmounted',
      entries: [],
      warnings: ['empty', 'not-in-force'],
    });
    expect(found.mountedDevice).toBe(find(outer).device);
    // Its twin never mounted one.
    expect(summary(find(await namespaces([], outer)))).toMatchObject({ whose: 'outer' });
  });

  test('is not what a process has put in its place', async () => {
    const outer = await namespaces([mountTable, ...registerEmulator('s390x')]);
    const inner = await namespaces(coverTable, outer);
    const found = find(inner);
    expect(summary(found)).toMatchObject({ whose: 'outer', entries: [['qemu-s390x', 'proven']] });
    expect(found.mountedDevice).toBeUndefined();
    const twin = await namespaces([], outer);
    expect(find(twin).mountedDevice).toBe(found.device);
    await Promise.all([outer, twin].map(({ close }) => close()));
    // Who alone has it mounted has hidden it.
    expect(() => find(inner)).toThrowWithCode('ANYARCH_NAMESPACE');
  });

  test('is found where the process sees other files than we do', async () => {
    const holder = await namespaces([mountTable, ...registerEmulator('s390x'), hideFiles]);
    expect(summary(find(holder))).toMatchObject({ foundBy: 'probe', entries: [['qemu-s390x', 'proven']] });
  });
});

test('a process that is not there, and this one', () => {
  expect(() => tableInForce(host, 2 ** 30)).toThrowWithCode('ANYARCH_PROCESS_NOT_FOUND');
  const own = tableInForce(host, process.pid, { state: temporaryDirectory('state') });
  expect(own.process.pid).toBe(process.pid);
  expect(own.namespaces[0]!.inode).toBe(namespaceOf({ pid: process.pid } as Holder));
});
