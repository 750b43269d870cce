import type { Host } from '../../host/host.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import { origin, shellProgram } from '../places.ts';

/** Void Linux sources what is in here once, at boot, in the order of the names (its /etc/runit/1). */
const coreServices = '/etc/runit/core-services';

/** Where runsvdir(8) finds services: Void's and Artix', Debian's, and runit's own default. */
const serviceDirectories = ['/etc/runit/runsvdir/default', '/etc/service', '/var/service', '/service'];

/** What runit executes, wherever it is. */
export const runitCallers = [
  `${coreServices}/90-anyarch-binfmt.sh`,
  ...serviceDirectories.map((directory) => `${directory}/anyarch-binfmt/run`),
];

/**
 * Where the first stage of the boot takes scripts, one of those; elsewhere a supervised service that registers when it
 * starts and stays. Undefined where neither has a place.
 */
export function runitFiles(host: Pick<Host, 'files'>): WantedFile[] | undefined {
  const { files } = host;
  if (files.status(coreServices)?.kind === 'directory')
    return [{ path: `${coreServices}/90-anyarch-binfmt.sh`, content: coreServiceText() }];
  const services = serviceDirectories.find((path) => files.status(path)?.kind === 'directory');
  if (services === undefined) return undefined;
  return [
    { path: '/etc/sv/anyarch-binfmt/run', content: runText(), mode: 0o755 },
    { path: '/etc/sv/anyarch-binfmt/finish', content: finishText(), mode: 0o755 },
    ...superviseLink(host),
    { path: `${services}/anyarch-binfmt`, content: { link: '/etc/sv/anyarch-binfmt' } },
  ];
}

/** Where runsv(8) keeps its state: following this link it leaves nothing in /etc. */
function superviseLink({ files }: Pick<Host, 'files'>): WantedFile[] {
  if (files.status('/run/runit')?.kind !== 'directory') return [];
  const link = '/run/runit/supervise.anyarch-binfmt';
  return [{ path: '/etc/sv/anyarch-binfmt/supervise', content: { link } }];
}

/** Sourced by the shell that boots the machine: it must neither end nor fail it. */
function coreServiceText(): string {
  return `# vim: set ft=sh:
${origin}

[ -n "$VIRTUALIZATION" ] && return 0

msg "Registering foreign architectures..."
/bin/sh ${shellProgram} start || msg_warn "Some foreign architectures could not be registered."
`;
}

/** A supervised service has to stay, or it is started again and again. */
function runText(): string {
  return `#!/bin/sh
${origin}
exec 2>&1
/bin/sh ${shellProgram} start
exec tail -f /dev/null
`;
}

function finishText(): string {
  return `#!/bin/sh
${origin}
exec /bin/sh ${shellProgram} stop
`;
}
