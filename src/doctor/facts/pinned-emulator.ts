import { ignoring } from '../../host/system-error.ts';
import type { Examination } from '../examination.ts';
import type { EntryInForce } from './entries-in-force.ts';
import { probeFor, withForeignProgram } from './trial.ts';

/** Milliseconds. */
const patience = 5000;

/**
 * The version that the emulator of an entry itself says when the kernel starts it: of what is pinned, whatever is at its path now.
 * QEMU takes the option --version from the environment, too, and then does not run the program (linux-user/main.c, `arg_table`).
 */
export function startedVersion(examination: Examination, { architecture }: EntryInForce): string | undefined {
  const probe = probeFor(architecture);
  if (probe === undefined) return undefined;
  const { stdout } = withForeignProgram(examination, probe, (path) =>
    examination.host.processes.run([path], { environment: { QEMU_VERSION: '1' }, timeoutMs: patience }),
  );
  return versionIn(stdout);
}

/** The version of the file that is at the entry's path now. */
export function versionAtPath({ host }: Examination, { interpreter }: EntryInForce): string | undefined {
  return versionIn(host.processes.run([interpreter, '--version'], { timeoutMs: patience }).stdout);
}

/** Whether the file that is at the entry's path now, started by its path, runs the probe that the entry fails with. */
export function worksByPath(examination: Examination, { architecture, interpreter }: EntryInForce): boolean {
  const probe = probeFor(architecture);
  if (probe === undefined) return false;
  return withForeignProgram(examination, probe, (path) => {
    const { exitCode } = examination.host.processes.run([interpreter, path], { timeoutMs: patience });
    return exitCode === 42;
  });
}

/** Processes that execute an emulator which is no longer at its path, with what proc_pid_exe(5) says of them. */
export function processesOfDeleted(
  { host: { files } }: Examination,
  interpreter: string,
): readonly { readonly pid: number; readonly sha256: string | undefined }[] {
  const names = ignoring(['ENOENT', 'EACCES'], () => files.list('/proc')) ?? [];
  return names.flatMap((name) => {
    const executable = `/proc/${name}/exe`;
    if (!/^[0-9]+$/.test(name)) return [];
    const target = ignoring(hidden, () => files.readLink(executable));
    if (target !== `${interpreter} (deleted)`) return [];
    return [{ pid: Number(name), sha256: ignoring(hidden, () => files.sha256(executable)) }];
  });
}

/** Processes of others, and those that have ended. */
const hidden = ['ENOENT', 'EACCES', 'EPERM', 'ESRCH', 'EINVAL'];

function versionIn(output: string): string | undefined {
  return /^qemu-[a-z0-9_]+ version (\d+(?:\.\d+)+)/m.exec(output)?.[1];
}
