import type { WantedFile } from '../../installed-files/index.ts';
import { origin, shellProgram } from '../places.ts';

const service = '/etc/init.d/anyarch-binfmt';

/** Those that a machine enters when it starts. */
export const runlevelLinks = ['sysinit', 'boot', 'default'].map(
  (level) => `/etc/runlevels/${level}/anyarch-binfmt`,
);

/**
 * A service of OpenRC in the runlevel `default`: Debian never enters `boot`. The link is what `rc-update add
 * anyarch-binfmt default` makes (openrc-run(8), rc-update(8)).
 */
export function openrcFiles(): WantedFile[] {
  return [
    { path: service, content: serviceText(), mode: 0o755 },
    { path: '/etc/runlevels/default/anyarch-binfmt', content: { link: service } },
  ];
}

/**
 * After other binfmt services: who registers last is in force. The file systems are mounted by `localmount`, on Debian
 * by `mountall` of sysvinit, so that neither may be needed. Before the engines, which start containers.
 */
function serviceText(): string {
  return `#!/sbin/openrc-run
${origin}

description="Registers foreign architectures in the kernel (anyarch)"

depend()
{
	use localmount
	after localmount mountall procfs modules binfmt qemu-binfmt binfmt-support
	before docker containerd podman
	keyword -docker -lxc -openvz -prefix -systemd-nspawn -vserver
}

start()
{
	ebegin "Registering foreign architectures"
	/bin/sh ${shellProgram} start
	eend $?
}

stop()
{
	ebegin "Removing the registrations of foreign architectures"
	/bin/sh ${shellProgram} stop
	eend $?
}
`;
}
