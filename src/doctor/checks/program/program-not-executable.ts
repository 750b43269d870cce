import { mountOf } from '../../../host/mounts.ts';
import { ignoring } from '../../../host/system-error.ts';
import { defineCheck } from '../../check.ts';
import { askedProgram, type AskedProgram } from '../../facts/asked-program.ts';
import type { Remedy } from '../../verdict.ts';
import { noFile } from './no-file.ts';

export const programNotExecutable = defineCheck({
  id: 'program-not-executable',
  question: 'May the program be executed?',
  severity: 'error',
  explanation:
    'A program needs a mode that lets the user execute it, and a file system that is not mounted noexec. What was downloaded, or copied from an archive or a file system that knows no modes, lacks it: "permission denied".',
  remedy: 'chmod +x FILE, or: mount -o remount,exec MOUNT',
  symptoms: ['permission-denied'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, problem } = program;
    if (problem?.errno !== 'EACCES')
      return problem === undefined
        ? { status: 'ok', evidence: [`${path} may be executed`] }
        : { status: 'skipped', reason: problem.reason };
    const { host } = examination;
    const status = ignoring(['EACCES', 'EPERM'], () => host.files.status(path));
    const mount = mountOf(host, path);
    const isNoexec = (status?.mode ?? 0) & 0o111 && mount?.options.has('noexec') === true;
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: problem.reason,
      evidence: [
        `execve of ${path} fails with EACCES`,
        ...(status === undefined ? [] : [`mode ${status.mode.toString(8)}, owner ${status.uid}`]),
        ...(mount === undefined ? [] : [`on ${mount.point}: ${[...mount.options].join(',')}`]),
      ],
      remedies: [
        isNoexec
          ? remounting(mount.point)
          : isProgram(program)
            ? {
                does: 'let it be executed',
                command: ['chmod', '+x', path],
                by: 'user',
                needsRoot: status?.uid !== host.system.uid,
              }
            : { does: 'give the path of a program', by: 'user' },
      ],
    };
  },
});

/** What is none should not become executable. */
function isProgram({ elf, script }: AskedProgram): boolean {
  return elf !== undefined || script !== undefined;
}

function remounting(point: string): Remedy {
  return {
    does: `allow programs on ${point}, or copy it to another file system`,
    command: ['mount', '-o', 'remount,exec', point],
    by: 'user',
    needsRoot: true,
  };
}
