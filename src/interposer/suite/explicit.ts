import { spawn } from 'node:child_process';
import { buildProbe } from '../../core/probe/probe.ts';
import type { Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import type { GuestPrograms, Trial } from './guests.ts';
import type { Tried } from './outputs.ts';

/**
 * Executes the guests by giving each to the emulator by name, in no namespace: where there can be no private table, as
 * before Linux 6.7. Whatever only an entry brings about is left out: the output names it.
 *
 * @param programs undefined: programs that exit, for targets without a compiler
 */
export async function tryExplicitly(
  host: Pick<Host, 'files' | 'system'>,
  emulator: Pick<Emulator, 'path'>,
  programs: GuestPrograms | undefined,
  { architecture, directory, signal }: Pick<Trial, 'architecture' | 'directory' | 'signal'>,
): Promise<Tried> {
  const { files } = host;
  files.makeDirectory(directory, 0o755);
  // The kernel names a process after the file that it executes: it must not be seen which of the two that is.
  const link = `${directory}/emulator`;
  files.writeLink(link, emulator.path);
  const execute = async (words: readonly string[]): Promise<Tried> =>
    await executeGroup([link, ...words], host.system.environment, signal);
  const cleaned = (text: string): string =>
    text.replaceAll(emulator.path, 'EMULATOR').replaceAll(directory, 'DIRECTORY');
  if (programs !== undefined) {
    const { fixed, moving } = programs;
    const { text, exitCode } = await execute([fixed, 'suite-by-name', directory, fixed, moving, link]);
    return { text: cleaned(text), exitCode };
  }
  let text = '';
  for (const code of [0, 1, 42, 255]) {
    const path = `${directory}/exit-${code}`;
    files.writeAtomic(path, buildProbe(architecture.name, code), 0o755);
    const ended = await execute([path, 'a', '']);
    text += `== exit ${code}\n${ended.text}-> exit ${ended.exitCode}\n`;
  }
  return { text: `${cleaned(text)}# untried entries\n# done\n`, exitCode: 0 };
}

/** The cases that an output says to have left out. */
export function untriedIn({ text }: Tried): readonly string[] {
  return text.split('\n').flatMap((line) => (line.startsWith('# untried ') ? [line.slice(10)] : []));
}

/** In a process group of its own: what hangs may be a child. */
async function executeGroup(
  [program = '', ...words]: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Tried> {
  const child = spawn(program, words, {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  const take = (chunk: Buffer): void => {
    text += chunk.toString('latin1');
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // All of them have ended.
    }
  };
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  try {
    return await new Promise<Tried>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve({ text, exitCode: code ?? 128 });
      });
    });
  } finally {
    signal.removeEventListener('abort', kill);
  }
}
