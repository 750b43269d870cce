import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, succeed, type CommandResult } from '../command.ts';
import { cacheOf, repository } from '../fixtures/cache.ts';
import { withLock } from '../lock.ts';

const anyarch = join(repository, 'bin/anyarch');

/** The machine that all tests of machines are made from: Debian, booted once, kept at a snapshot. */
const source = 'base';
const snapshot = 'ready';

export interface MachineHome {
  /** `ANYARCH_HOME`. */
  readonly directory: string;
  /** Runs `anyarch machine …` and fails unless it succeeds. */
  machine(...words: readonly string[]): Promise<CommandResult>;
  /** The same, whatever comes of it. */
  tryMachine(...words: readonly string[]): Promise<CommandResult>;
  /**
   * A machine that has booted already: started, it goes on within seconds, and nothing of it is another test's.
   *
   * @param words further options of `machine create`
   */
  clone(name: string, ...words: readonly string[]): Promise<void>;
  /** Removes machines, whatever they are doing. */
  remove(...names: readonly string[]): Promise<void>;
}

/** Minutes that the first boot may take: the image is made of packages before, their scripts emulated. */
const firstBootMs = 45 * 60_000;

/**
 * A state directory with QEMU, a Debian image for arm64 and a machine that has booted: made once, kept between runs. Paths
 * are in it, so it is made in its place, each step complete or not at all.
 */
export async function machineHome(): Promise<MachineHome> {
  const directory = cacheOf('machines/home');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const home = homeAt(directory);
  await withLock(`${directory}.lock`, async () => {
    const { stdout } = await home.machine('list', '--json');
    const { machines } = JSON.parse(stdout) as { machines: { name: string }[] };
    if (!machines.some(({ name }) => name === source))
      await home.machine('create', source, '-a', 'arm64', '--user', 'debian', '--engine', 'podman');
    if (existsSync(join(directory, 'machines', source, 'snapshots', snapshot))) return;
    await home.machine('start', source);
    await home.machine('snapshot', 'save', source, snapshot);
    await home.machine('stop', source);
  });
  return home;
}

function homeAt(directory: string): MachineHome {
  const environment = { ...process.env, ANYARCH_HOME: directory, NO_COLOR: '1' };
  const command = (words: readonly string[]) => [anyarch, 'machine', ...words];
  const options = { environment, timeoutMs: firstBootMs };
  const home: MachineHome = {
    directory,
    machine: async (...words) => await succeed(command(words), options),
    tryMachine: async (...words) => await run(command(words), options),
    clone: async (name, ...words) => {
      await home.remove(name);
      await home.machine('create', name, '--from', `${source}@${snapshot}`, ...words);
    },
    remove: async (...names) => {
      for (const name of names) await home.tryMachine('remove', name, '--force');
    },
  };
  return home;
}
