import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CommandOptions, CommandResult } from '../command.ts';
import { run, succeed } from '../command.ts';
import { anyarchImages, imageTargets } from '../fixtures/anyarch-images.ts';
import { guests } from '../fixtures/guests.ts';
import { startDocker } from './docker.ts';
import { runGuest, useEngine, type Engine } from './engine.ts';
import { useHostTable, type HostTable } from './host-table.ts';
import { startPodman } from './podman.ts';
import { readmeCommand } from './readme-line.ts';
import { describeWith, needs } from './requirements.ts';

/** The guests that the images have emulators for. */
export const imageGuests = [guests.arm64, guests.armhf, guests.riscv64, guests.s390x] as const;

/** What `--all` leaves in the table, in the order of names. */
export const allEntries = imageTargets.map((target) => `qemu-${target}`);

export interface ImageSuite {
  readonly name: 'docker' | 'podman';
  readonly engine: Pick<Engine, 'client'>;
  readonly table: HostTable;
  /** Words behind `docker` or `podman`. A terminal's line ends are made usual ones. */
  readonly run: (words: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
  /** A README's line (test/support/engines/readme-line.ts). */
  readonly line: (line: string, options?: CommandOptions) => Promise<CommandResult>;
  /** `uname -m` in a container of the architecture. */
  readonly uname: (guest: (typeof imageGuests)[number]) => Promise<CommandResult>;
}

const engines = [
  { name: 'docker', start: startDocker },
  { name: 'podman', start: startPodman },
] as const;

/**
 * The same suite with both engines, each with anyarch's images, on the host's table. Ends by removing what the image
 * has registered; the table must then be what it was, and nothing foreign may run.
 */
export function describeImage(name: string, body: (suite: ImageSuite) => void): void {
  for (const { name: engineName, start } of engines) {
    const required = [needs.root, needs.apt, needs.qemu, needs.hostTable, needs[engineName]];
    describeWith(required, `${engineName}: ${name}`, () => {
      const table = useHostTable();
      const engine = useEngine(start, imageGuests);
      beforeAll(async () => {
        await loadAnyarch(engine);
      });
      const runWords: ImageSuite['run'] = async (words, options) =>
        withUsualLines(await run([...engine.client, ...words], options));
      const suite: ImageSuite = {
        name: engineName,
        engine,
        table,
        run: runWords,
        line: async (line, options) => withUsualLines(await run(readmeCommand(line, engine.client), options)),
        uname: (guest) => runGuest(engine, guest, ['uname', '-m']),
      };

      test('before: nothing foreign runs', async () => {
        await expectRefused(suite, guests.arm64);
      });
      body(suite);
      test('after: what the image has registered can be removed, and then nothing foreign runs', async () => {
        expect(await runWords(['run', '--rm', '--privileged', 'anyarch', 'unregister'])).toMatchObject({
          exitCode: 0,
          // A container cannot tell them from a distribution's, and says what is gone.
          stderr: expect.stringMatching(/^(anyarch: removed, and replaced by nothing: .*\n)?$/) as string,
        });
        table.expectUnchanged();
        await expectRefused(suite, guests.arm64);
      });
    });
  }
}

export async function loadAnyarch(engine: Pick<Engine, 'client'>): Promise<void> {
  await succeed([...engine.client, 'load', '--input', await anyarchImages()]);
}

export async function expectRuns({ uname }: ImageSuite, guest: (typeof imageGuests)[number]): Promise<void> {
  expect(await uname(guest)).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
}

/** @param reason ENOEXEC: no entry; ENOENT: an entry without flag F whose interpreter is not in the container */
export async function expectRefused(
  { uname }: ImageSuite,
  guest: (typeof imageGuests)[number],
  reason: 'exec format error' | 'no such file or directory' = 'exec format error',
): Promise<void> {
  const refused = await uname(guest);
  expect(refused).toMatchObject({ stdout: '', stderr: expect.stringContaining(reason) as string });
  expect(refused.exitCode).not.toBe(0);
}

/** Flags by name of the entries that are QEMU's, in the order of the names. */
export function flagsIn({ table }: Pick<ImageSuite, 'table'>): Record<string, string | undefined> {
  const qemu = [...table.state().entries].filter(([name]) => /^(qemu|anyarch)-/.test(name)).sort();
  return Object.fromEntries(qemu.map(([name, text]) => [name, /^flags: (.*)$/m.exec(text)?.[1]]));
}

/** The same flags for all entries of the image. */
export function allWith(flags: string): Record<string, string> {
  return Object.fromEntries(allEntries.map((name) => [name, flags]));
}

/** As the kernel prints it. */
export function entryText(name: string): string {
  return readFileSync(join('/proc/sys/fs/binfmt_misc', name), 'utf8');
}

function withUsualLines(result: CommandResult): CommandResult {
  return { ...result, stdout: result.stdout.replaceAll('\r\n', '\n') };
}
