import { AnyarchError } from '../../core/error.ts';
import { shellWord } from '../../core/shell-word.ts';
import { homeDirectory } from '../../host/home-directory.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import type { EngineContext } from '../engine.ts';
import { ownDirectory } from '../own-directory.ts';
import { servicePathDropIn, servicePathProgram } from './service-path.ts';

type Place = Pick<EngineContext, 'state'>;

const note = 'Made by "anyarch rootless enable docker", removed by "anyarch rootless disable docker".';

/**
 * A drop-in for the user's docker.service, and what it needs. Entries must be there before the daemon: it starts
 * containers by their restart policies. `dockerd-rootless.sh` looks for `dockerd` in PATH within rootlesskit's
 * namespace, so a program of that name comes first there. What is not there is passed over by a look-up in PATH: where
 * our files are gone, docker starts as it would without us. (ExecStartPost would be too late with Type=notify and might
 * be with others; a word in DOCKERD_ROOTLESS_ROOTLESSKIT_FLAGS gets lost to a setting of the user's, and docker does not
 * start without the program that it names.)
 *
 * @throws AnyarchError ANYARCH_FILE where the environment names no directory for the user's configuration
 */
export function serviceFiles(context: EngineContext): readonly WantedFile[] {
  const { host, state } = context;
  return [
    { path: daemonPath({ state }), content: daemonText(context), mode: 0o755 },
    { path: pathProgram({ state }), content: pathProgramText({ state }), mode: 0o755 },
    { path: dropInPath(host), content: dropInText({ state }) },
  ];
}

/** First in PATH of the service. */
export function programDirectory({ state }: Place): string {
  return `${ownDirectory(state, 'docker')}/bin`;
}

/** @throws AnyarchError ANYARCH_FILE */
export function dropInPath(host: Pick<Host, 'system'>): string {
  return `${userUnits(host)}/docker.service.d/anyarch.conf`;
}

/**
 * Where systemd looks for a user's own units, systemd.unit(5).
 *
 * @throws AnyarchError ANYARCH_FILE
 */
export function userUnits({ system }: Pick<Host, 'system'>): string {
  const { XDG_CONFIG_HOME: config } = system.environment;
  if (config?.startsWith('/') === true) return `${config}/systemd/user`;
  const home = homeDirectory(system);
  if (home !== undefined) return `${home}/.config/systemd/user`;
  throw new AnyarchError('ANYARCH_FILE', 'neither XDG_CONFIG_HOME nor HOME names an absolute directory', {
    hint: 'set HOME to your home directory',
  });
}

/** Below XDG_RUNTIME_DIR, the PATH that the service gets. */
const environmentFile = 'anyarch/docker.env';

/** What the service's last start has written. */
export function removeServicePath({ files, system }: Pick<Host, 'files' | 'system'>): void {
  const { XDG_RUNTIME_DIR: runtime } = system.environment;
  if (runtime?.startsWith('/') !== true) return;
  const path = `${runtime}/${environmentFile}`;
  files.remove(path);
  ignoring(['ENOENT', 'ENOTEMPTY'], () => {
    files.removeDirectory(path.slice(0, path.lastIndexOf('/')));
  });
}

function daemonPath(place: Place): string {
  return `${programDirectory(place)}/dockerd`;
}

function pathProgram({ state }: Place): string {
  return `${ownDirectory(state, 'docker')}/service-path`;
}

function daemonText({ state, program }: Pick<EngineContext, 'state' | 'program'>): string {
  const ensure = [program, 'rootless', 'ensure', '--state', state, '--hook'].map(shellWord).join(' ');
  return `#!/bin/sh
# Made by "anyarch rootless enable docker", removed by "anyarch rootless disable docker".
# dockerd, and before it starts: foreign architectures for the namespace that it is about to run in.
own=${shellWord(programDirectory({ state }))}
clean=
rest=$PATH:
while [ -n "$rest" ]; do
  directory=\${rest%%:*}
  rest=\${rest#*:}
  if [ -n "$directory" ] && [ "$directory" != "$own" ]; then clean=\${clean:+$clean:}$directory; fi
done
PATH=$clean
export PATH
if [ -n "\${ROOTLESSKIT_STATE_DIR-}" ] && [ -x ${shellWord(program)} ]; then
  # Docker starts all the same, and soon.
  limit=
  if command -v timeout >/dev/null; then limit='timeout -k 1 20'; fi
  $limit ${ensure} </dev/null >/dev/null 2>&1 || :
fi
exec dockerd "$@"
`;
}

function pathProgramText({ state }: Place): string {
  return servicePathProgram(note, programDirectory({ state }));
}

function dropInText({ state }: Place): string {
  return servicePathDropIn({
    note,
    does: `Puts a directory with a program "dockerd" first in PATH, which registers foreign architectures in docker's own
# namespace and becomes the real dockerd.`,
    program: pathProgram({ state }),
    file: `%t/${environmentFile}`,
  });
}
