import type { WantedFile } from '../../installed-files/index.ts';
import { systemStateDirectory } from '../../host/state-directory.ts';
import { systemDirectory } from '../../host/system-directory.ts';
import { origin, serviceName, serviceProgram, type ServiceOptions } from './place.ts';

const units = '/etc/systemd/system';

export function systemdFiles(options: ServiceOptions): WantedFile[] {
  const unit = `${units}/${serviceName}.service`;
  return [
    { path: unit, content: unitText(options) },
    { path: `${units}/multi-user.target.wants/${serviceName}.service`, content: { link: unit } },
  ];
}

/**
 * As much is taken from the service as it can do without. What it needs, and so has not been given up:
 * - /proc/sys is written: no ProtectKernelTunables
 * - the table of the initial user namespace: no PrivateUsers
 * - QEMU writes code and runs it: no MemoryDenyWriteExecute
 * - programs of the other word size are executed to find out whether the kernel runs them: no SystemCallArchitectures
 * It mounts nothing: a mount of its own would be seen by nobody else. systemd's mount unit does, at the start, and its
 * automount point afterwards.
 */
function unitText({ words, metricsFile, state }: ServiceOptions): string {
  const written = metricsFile === undefined ? [] : [`-${directoryOf(metricsFile)}`];
  const isUsual = state === systemStateDirectory;
  const stateLines = isUsual
    ? 'StateDirectory=anyarch\nStateDirectoryMode=0755'
    : `Environment=${quoted(`ANYARCH_HOME=${state}`)}`;
  return `${origin}

[Unit]
Description=Keep registrations of foreign architectures up (anyarch)
Documentation=https://docs.kernel.org/admin-guide/binfmt-misc.html
Wants=proc-sys-fs-binfmt_misc.mount
After=proc-sys-fs-binfmt_misc.mount systemd-binfmt.service binfmt-support.service anyarch-binfmt.service
RequiresMountsFor=${systemDirectory} ${quoted(state)}
ConditionPathIsReadWrite=/proc/sys/

[Service]
ExecStart=${[serviceProgram, 'watch', ...words].map(commandWord).join(' ')}
ExecReload=/bin/kill -HUP $MAINPID
Restart=always
RestartSec=5
Nice=10
MemoryMax=256M
TasksMax=128
${stateLines}
UMask=0022
CapabilityBoundingSet=${metricsFile === undefined ? '' : 'CAP_DAC_OVERRIDE'}
NoNewPrivileges=yes
ProtectSystem=strict
${readWritePaths(isUsual ? written : [state, ...written])}ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork=yes
IPAddressDeny=any
RestrictAddressFamilies=AF_UNIX
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectProc=invisible
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;
}

function readWritePaths(paths: readonly string[]): string {
  return paths.map((path) => `ReadWritePaths=${quoted(path)}\n`).join('');
}

/** systemd.service(5), "COMMAND LINES": variables are put in. */
function commandWord(word: string): string {
  return quoted(word.replaceAll('$', '$$$$'));
}

/** systemd.syntax(7), "QUOTING", and specifiers. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replace(/[\\"]/g, '\\$&');
  return /[\s"'\\;]/.test(word) ? `"${escaped}"` : escaped;
}

function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
