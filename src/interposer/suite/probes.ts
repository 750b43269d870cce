import { buildProbe } from '../../core/probe/probe.ts';
import type { Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { runGuest } from '../../run/index.ts';
import type { Trial } from './guests.ts';
import type { Tried } from './outputs.ts';

const codes = [0, 1, 42, 255];

/**
 * Executes programs that do nothing but exit, with and without flag P, for targets that there is no compiler for.
 *
 * @throws AnyarchError ANYARCH_NAMESPACE, ANYARCH_RUN_SETUP where no guest can be run at all
 */
export async function tryProbes(
  host: Host,
  emulator: Emulator,
  { architecture, directory, scratch, signal }: Trial,
): Promise<Tried> {
  const { files } = host;
  files.makeDirectory(directory, 0o755);
  let text = '';
  const take = (chunk: Uint8Array) => {
    text += Buffer.from(chunk).toString('latin1');
  };
  for (const preservesArgv0 of emulator.preservesArgv0 ? [true, false] : [false]) {
    for (const code of codes) {
      const path = `${directory}/exit-${code}`;
      files.writeAtomic(path, buildProbe(architecture.name, code), 0o755);
      text += `== exit ${code}${preservesArgv0 ? ', argv[0] preserved' : ''}\n`;
      const { exitCode } = await runGuest(host, {
        emulated: [{ architecture, emulator: { path: emulator.path, preservesArgv0 } }],
        root: { kind: 'host' },
        command: [path, 'a', ''],
        binds: [],
        environment: [],
        workingDirectory: '/',
        scratch,
        output: { stdout: take, stderr: take },
        signal,
      });
      text += `-> exit ${exitCode}\n`;
    }
  }
  text = text.replaceAll(emulator.path, 'EMULATOR').replaceAll(directory, 'DIRECTORY');
  return { text: `${text}# done\n`, exitCode: 0 };
}
