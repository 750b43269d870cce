import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeDisk } from '../layers/index.ts';
import type { Machine } from '../life/machine.ts';
import { readFirstStart, writeFirstStart } from '../seed/first-start.ts';
import { cloneMachine } from './clone-machine.ts';
import { saveSnapshot } from './save-snapshot.ts';
import { emptyQcow2, imageTool, keptMachine, type KeptMachine } from './testing/kept-machine.ts';

const first = {
  packages: ['jq'],
  runCommands: ['touch /told'],
  password: 'a secret',
  sshKey: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me',
};
let kept: KeptMachine;

beforeEach(() => {
  kept = keptMachine();
  const { processes, files } = kept.host;
  // As qemu-img makes them: with a table that says that nothing is in them.
  processes.on(['qemu-img', 'create'], (words) => {
    const below = words[words.indexOf('-b') + 1] ?? '';
    writeFileSync(words.at(-2) ?? '', emptyQcow2(below, Number(words.at(-1))), { flag: 'wx' });
    return {};
  });
  processes.on(['ssh-keygen'], (words) => {
    const path = words.at(-1) ?? '';
    writeFileSync(path, 'private\n');
    writeFileSync(`${path}.pub`, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ a@b\n');
    return {};
  });
  // The disk that a machine has before it ever runs.
  const disk = activeDisk(files, kept.places);
  writeFileSync(disk, emptyQcow2(kept.machine.record.base.file, 10 * 2 ** 30));
  writeFirstStart(files, kept.places.firstStart, first);
});

afterEach(() => {
  kept.remove();
});

function runs({ places }: Machine): void {
  const disk = activeDisk(kept.host.files, places);
  const content = readFileSync(disk);
  content.writeBigUInt64BE(65_536n, 4104);
  writeFileSync(disk, content);
}

let copies = 0;
async function copyOf(source: Machine, snapshot?: string): Promise<Machine> {
  copies += 1;
  const id = `00000000-0000-4000-8000-${`${copies}`.padStart(12, '0')}`;
  const options = { name: `copy${copies}`, id, snapshot, imageTool, subject: 'demo' };
  return await cloneMachine(kept.host, source, options);
}

/** Files of a seed are in it as they are. */
function seedOf({ places }: Machine): string {
  return readFileSync(places.seed, 'latin1');
}

function expectTold(machine: Machine): void {
  const seed = seedOf(machine);
  for (const told of [
    'jq',
    'touch /told',
    'a secret',
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me',
    `local-hostname: ${machine.record.name}`,
  ])
    expect(seed).toContain(told);
  expect(readFirstStart(kept.host.files, machine.places.firstStart)).toEqual(first);
}

function expectUntold(machine: Machine): void {
  const seed = seedOf(machine);
  for (const told of ['jq', 'touch /told', 'a secret', 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 me'])
    expect(seed).not.toContain(told);
  expect(seed).toContain(`local-hostname: ${machine.record.name}`);
  expect(readFirstStart(kept.host.files, machine.places.firstStart)).toEqual({
    packages: [],
    runCommands: [],
    isPast: true,
  });
}

describe('a copy of a machine', () => {
  it('that never ran is told what that was told, and so is a copy of the copy', async () => {
    const copy = await copyOf(kept.machine);
    expectTold(copy);
    expectTold(await copyOf(copy));
    await saveSnapshot(kept.host, kept.machine, { name: 'new', imageTool, subject: 'demo' });
    runs(kept.machine);
    expectTold(await copyOf(kept.machine, 'new'));
  });

  it('that ran is not told it again, nor is a copy of the copy, which never ran itself', async () => {
    runs(kept.machine);
    const copy = await copyOf(kept.machine);
    expectUntold(copy);
    expectUntold(await copyOf(copy));
  });

  it('whose own seed alone knows what it is told says so', async () => {
    kept.host.files.remove(kept.places.firstStart);
    const warnings = () => kept.host.log.messages.filter(({ level }) => level === 'warn');
    expectUntold(await copyOf(kept.machine));
    expect(warnings().map(({ message }) => message)).toEqual([expect.stringContaining('start demo once')]);
    runs(kept.machine);
    expectUntold(await copyOf(kept.machine));
    expect(warnings()).toHaveLength(1);
  });

  it('that has no cloud-init takes the user’s key over, which its guest takes from the seed at each boot', async () => {
    runs(kept.machine);
    const base = { ...kept.machine.record.base, cloudInit: 'no' } as const;
    const copy = await copyOf({ ...kept.machine, record: { ...kept.machine.record, base } });
    expect(seedOf(copy)).toContain(first.sshKey);
    expect(seedOf(copy)).not.toContain('touch /told');
    expect(seedOf(await copyOf(copy))).toContain(first.sshKey);
  });

  it('is not made when nobody knows what it is to be told', async () => {
    writeFileSync(kept.places.firstStart, 'packages:');
    const machines = kept.host.files.list(`${kept.directory}/machines`);
    await expect(copyOf(kept.machine)).rejects.toMatchObject({ code: 'ANYARCH_STATE_INVALID' });
    expect(kept.host.files.list(`${kept.directory}/machines`)).toEqual(machines);
    runs(kept.machine);
    expectUntold(await copyOf(kept.machine));
  });
});
