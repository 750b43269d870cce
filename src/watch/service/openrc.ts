import type { WantedFile } from '../../installed-files/index.ts';
import { exportedState, origin, serviceName, serviceProgram, type ServiceOptions } from './place.ts';
import { shellWord } from '../../core/shell-word.ts';

/** A supervised service in the runlevel `default` (supervise-daemon(8), openrc-run(8)). Debian has no `localmount` that it could need. */
export function openrcFiles({ words, state }: ServiceOptions): WantedFile[] {
  const path = `/etc/init.d/${serviceName}`;
  const content = `#!/sbin/openrc-run
${origin}

${exportedState({ state })}description="Keeps registrations of foreign architectures up (anyarch)"
supervisor=supervise-daemon
command=${serviceProgram}
command_args=${shellWord(['watch', ...words].map(shellWord).join(' '))}
output_log=/var/log/${serviceName}.log
error_log=/var/log/${serviceName}.log
respawn_delay=5
extra_started_commands="reload"

depend()
{
	use localmount
	after localmount mountall procfs modules binfmt qemu-binfmt binfmt-support anyarch-binfmt
}

reload()
{
	ebegin "Looking at all registrations anew"
	supervise-daemon "$RC_SVCNAME" --signal HUP
	eend $?
}
`;
  return [
    { path, content, mode: 0o755 },
    { path: `/etc/runlevels/default/${serviceName}`, content: { link: path } },
  ];
}
