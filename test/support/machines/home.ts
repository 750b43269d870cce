import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run, succeed, type CommandOptions, type CommandResult } from '../command.ts';
import { cacheOf, repository } from '../fixtures/cache.ts';
import { withLock } from '../lock.ts';

/** The machine that all tests of machines are made from: Debian, booted once, kept at a snapshot. */
const source = 'base';
const snapshot = 'ready';

const place = cacheOf('machines');

/** `ANYARCH_HOME` of all machines of tests. */
export const machinesHome = join(place, 'home');

export const machinesEnvironment = { ...process.env, ANYARCH_HOME: machinesHome, NO_COLOR: '1' };

/** Directories of the host that every machine sees: `share` at /mnt/share, `readOnly` at /mnt/ro. */
export const mounted = { share: join(place, 'share'), readOnly: join(place, 'ro') } as const;

/** Milliseconds for the first machine: its image is made of packages, whose scripts are emulated. */
const imageMs = 45 * 60_000;
/** Milliseconds for a boot where two others want the processors. */
const bootMs = 15 * 60_000;

/** Runs `anyarch …` of this checkout, whatever comes of it. */
export async function anyarch(
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return await run(command(words), { environment: machinesEnvironment, timeoutMs: bootMs, ...options });
}

/** Runs `anyarch machine …` and fails unless it succeeds. */
export async function machine(...words: readonly string[]): Promise<CommandResult> {
  return await succeed(command(['machine', ...words]), {
    environment: machinesEnvironment,
    timeoutMs: bootMs,
  });
}

/**
 * Makes a machine that has booted already: started, it goes on within seconds, and nothing of it is another test's. It
 * is arm64, its user is debian, its engine podman.
 *
 * @param words further options of `machine create`: `--port`
 */
export async function cloneMachine(name: string, ...words: readonly string[]): Promise<void> {
  await removeMachine(name);
  await withLock(`${machinesHome}.lock`, makeSource);
  await machine('create', name, '--from', `${source}@${snapshot}`, ...words);
}

/** Whatever it is doing, and if it is there. */
export async function removeMachine(name: string): Promise<void> {
  await anyarch(['machine', 'remove', name, '--force']);
}

let isProven = false;

/** Once, and anew when what was saved is of a QEMU or of a command line that is not today's any more. */
async function makeSource(): Promise<void> {
  if (isProven) return;
  for (const directory of [machinesHome, mounted.share, mounted.readOnly])
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (!existsSync(snapshotDirectory()) || !(await goesOn())) {
    await removeMachine(source);
    await boot();
  }
  isProven = true;
}

async function goesOn(): Promise<boolean> {
  const proof = 'proof';
  await removeMachine(proof);
  await machine('create', proof, '--from', `${source}@${snapshot}`);
  const { exitCode, stdout } = await anyarch(['machine', 'start', proof, '--wait', 'process', '--json']);
  await removeMachine(proof);
  const isOutdated = stdout.includes('ANYARCH_STATE_UNUSABLE') || stdout.includes('"how":"cold"');
  if (exitCode !== 0 && !isOutdated)
    throw new Error(`the machine that tests share does not start: ${stdout}`);
  return !isOutdated;
}

async function boot(): Promise<void> {
  const words = [
    ...['create', source, '-a', 'arm64', '--image', 'debian', '--user', 'debian', '--engine', 'podman'],
    ...['--mount', `${mounted.share}:/mnt/share`, '--mount', `${mounted.readOnly}:/mnt/ro:ro`],
    ...['--run', 'touch /told'],
  ];
  await succeed(command(['machine', ...words]), { environment: machinesEnvironment, timeoutMs: imageMs });
  // The first command finds what the first start was told, and so waits for it.
  await machine('shell', source, '--', 'test', '-e', '/told');
  await machine('snapshot', 'save', source, snapshot);
  await machine('stop', source, '--force');
}

function snapshotDirectory(): string {
  return join(machinesHome, 'machines', source, 'snapshots', snapshot);
}

function command(words: readonly string[]): string[] {
  return [join(repository, 'bin/anyarch'), ...words];
}
