import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { ignoring } from '../host/system-error.ts';
import type { InstalledFile } from '../installed-files/index.ts';
import { reportedError, type ReportedError } from '../registration/index.ts';
import type { Persisted } from './document.ts';
import type { InitCandidate } from './init/detect.ts';
import { systemdFacts } from './init/systemd-facts.ts';
import { systemdUnits } from './init/systemd.ts';
import { mountsBefore, requirePlace, requireTrustedPlace, untrusted } from './place.ts';

type Parts = Pick<Host, 'files'>;

/** What keeps something from surviving, or could, whatever the architecture. */
export function problemsOf(
  host: Parts,
  { init, changing, intended }: Persisted,
  inits: readonly InitCandidate[],
  files: readonly InstalledFile[],
): ReportedError[] {
  const problems: AnyarchError[] = [];
  if (changing === true) problems.push(interrupted(intended));
  const running = inits.find(({ isRunning }) => isRunning);
  if (running !== undefined && running.init !== init && init !== 'debian')
    problems.push(
      new AnyarchError(
        'ANYARCH_PERSISTED_OTHERWISE',
        `${init} is to register entries at boot, and ${running.init} runs here (${running.evidence})`,
        { hint: `anyarch persist disable, then: anyarch persist enable --init ${running.init}` },
      ),
    );
  problems.push(...placeProblems(host));
  for (const { path, state } of files) {
    // The copies are told by architecture.
    if (state === 'same' || path.startsWith(`${systemDirectory}/emulators-`)) continue;
    problems.push(
      new AnyarchError('ANYARCH_FILE_CHANGED', `${path} is ${state}`, {
        hint: `anyarch persist enable${state === 'changed' ? ' --force' : ''}`,
      }),
    );
  }
  problems.push(...files.flatMap((file) => writable(host, file)));
  if (init === 'systemd') problems.push(...outdatedUnits(host, files));
  const told = new Map(problems.map((problem) => [problem.message, problem]));
  return [...told.values()].map(reportedError);
}

function interrupted(intended: Persisted['intended']): AnyarchError {
  const command = intended === undefined ? 'disable' : 'enable';
  return new AnyarchError(
    'ANYARCH_STATE_INVALID',
    `an earlier "anyarch persist ${command}" was interrupted`,
    {
      hint:
        command === 'enable'
          ? 'anyarch persist enable completes it; anyarch persist disable takes it back'
          : 'anyarch persist disable completes it; anyarch persist enable takes it back',
    },
  );
}

function placeProblems(host: Parts): AnyarchError[] {
  return [requirePlace, requireTrustedPlace].flatMap((check) => {
    try {
      check(host);
      return [];
    } catch (error) {
      if (error instanceof AnyarchError) return [error];
      throw error;
    }
  });
}

/** Root executes what they are, or what they name. */
function writable({ files }: Parts, { path, state }: InstalledFile): AnyarchError[] {
  if (state === 'missing' || files.status(path)?.kind !== 'file') return [];
  const problem = untrusted(files, path);
  return problem === undefined ? [] : [problem];
}

/** What systemd is to be told about this machine may be another thing by now: a mount, or its own unit. */
function outdatedUnits(host: Parts, files: readonly InstalledFile[]): AnyarchError[] {
  const wanted = systemdUnits(systemdFacts(host, mountsBefore(host)));
  return wanted.flatMap(({ path, content }) => {
    const recorded = files.find((one) => one.path === path);
    if (typeof content !== 'string' || (recorded !== undefined && recorded.state !== 'same')) return [];
    const bytes = ignoring(['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES'], () => host.files.read(path));
    if (bytes !== undefined && decodeUtf8(bytes) === content) return [];
    const what =
      bytes === undefined ? 'is not there, and this machine needs it' : 'is not what this machine needs';
    return [
      new AnyarchError(
        'ANYARCH_FILE_CHANGED',
        `${path} ${what}: its mounts or its systemd are others by now`,
        {
          hint: 'anyarch persist enable',
        },
      ),
    ];
  });
}
