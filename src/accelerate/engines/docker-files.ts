import { ignoring } from '../../host/system-error.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import { servicePathDropIn, servicePathProgram, userUnits } from '../../rootless/index.ts';
import type { EngineContext } from './engine.ts';
import { engineDirectory, madeBy } from './places.ts';

type Place = Pick<EngineContext, 'host' | 'state'>;

/** Looked up in PATH first, where containerd and dockerd would have found it; then where packages have it. */
const runtimes = ['runc', '/usr/bin/runc', '/usr/sbin/runc', '/usr/local/bin/runc', '/usr/local/sbin/runc'];

/** The program, and what puts its directory first in the daemons' PATH where systemd starts them. */
export function dockerFiles(context: EngineContext): readonly WantedFile[] {
  const program: WantedFile = {
    path: programPath(context),
    content: context.standIn({ tree: context.tree, runtimes }),
    mode: 0o755,
  };
  const script: WantedFile = {
    path: scriptPath(context),
    content: servicePathProgram(madeBy('docker'), programDirectory(context)),
    mode: 0o755,
  };
  return [
    program,
    script,
    ...serviceUnits(context).map(({ unit, directory }) => dropIn(context, unit, directory)),
  ];
}

/** First in the daemons' PATH. */
export function programDirectory({ host, state }: Place): string {
  return `${engineDirectory(host, state, 'docker')}/bin`;
}

export function programPath(context: Place): string {
  return `${programDirectory(context)}/runc`;
}

/** What a daemon that runs still starts: the same program, which finds no tree. */
export function withoutTree(context: EngineContext): WantedFile {
  return {
    path: programPath(context),
    content: context.standIn({ tree: '/nonexistent', runtimes }),
    mode: 0o755,
  };
}

/** By which it is told whether it is enabled. */
export function scriptPath({ host, state }: Place): string {
  return `${engineDirectory(host, state, 'docker')}/service-path`;
}

/** What the services' last starts have written. */
export function removeServicePaths(context: Place): void {
  const { files, system } = context.host;
  const runtime = system.uid === 0 ? '/run' : system.environment['XDG_RUNTIME_DIR'];
  if (runtime?.startsWith('/') !== true) return;
  for (const unit of ['docker.service', 'containerd.service'])
    files.remove(`${runtime}/${environmentFile(unit)}`);
  ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => {
    files.removeDirectory(`${runtime}/anyarch`);
  });
}

/** Of those that are installed: the unit, and where its drop-ins go. */
export function serviceUnits({ host }: Pick<Place, 'host'>): readonly { unit: string; directory: string }[] {
  const isRoot = host.system.uid === 0;
  const own = isRoot ? '/etc/systemd/system' : userUnits(host);
  const places = isRoot
    ? [
        own,
        '/run/systemd/system',
        '/usr/local/lib/systemd/system',
        '/usr/lib/systemd/system',
        '/lib/systemd/system',
      ]
    : [own, '/etc/systemd/user', '/usr/lib/systemd/user'];
  const units = isRoot ? ['docker.service', 'containerd.service'] : ['docker.service'];
  const isThere = (path: string): boolean =>
    ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => host.files.status(path)) !== undefined;
  return units
    .filter((unit) => places.some((place) => isThere(`${place}/${unit}`)))
    .map((unit) => ({ unit, directory: `${own}/${unit}.d` }));
}

function environmentFile(unit: string): string {
  return `anyarch/accelerate-${unit.replace('.service', '')}.env`;
}

function dropIn(context: Place, unit: string, directory: string): WantedFile {
  const content = servicePathDropIn({
    note: madeBy('docker'),
    does: `Puts a directory with a program "runc" first in PATH, which lets containers see the native tools that acceleration has,
# and becomes the real runc.`,
    program: scriptPath(context),
    file: `%t/${environmentFile(unit)}`,
  });
  return { path: `${directory}/zz-anyarch-accelerate.conf`, content };
}
