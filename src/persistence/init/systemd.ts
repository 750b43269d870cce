import type { WantedFile } from '../../installed-files/index.ts';
import { systemDirectory } from '../../host/system-directory.ts';
import { origin, shellProgram } from '../places.ts';

const units = '/etc/systemd/system';
const unitName = 'anyarch-binfmt.service';
/** A masked unit is a link to /dev/null. */
export const ownUnit = `${units}/${unitName}`;
export const ownUnitLink = `${units}/sysinit.target.wants/${unitName}`;

/** What of systemd registers entries here. */
export interface SystemdFacts {
  /** `systemd-binfmt` reads /etc/binfmt.d at boot; without it, or with its unit masked, a unit of our own registers. */
  readonly hasBinfmt: boolean;
  /** Since version 246 it removes all entries at shutdown, which lets go of the files that they pin. */
  readonly unregisters: boolean;
  /** The file system of the emulators has to be mounted first: not the root file system. Its paths, links also resolved. */
  readonly mounts: readonly string[];
}

/** Files beside the configuration in /etc/binfmt.d. */
export function systemdUnits(facts: SystemdFacts): WantedFile[] {
  if (!facts.hasBinfmt) {
    return [
      { path: ownUnit, content: unitText(facts) },
      { path: ownUnitLink, content: { link: ownUnit } },
    ];
  }
  const text = dropInText(facts);
  return text === undefined
    ? []
    : [{ path: `${units}/systemd-binfmt.service.d/anyarch.conf`, content: text }];
}

/** Undefined where systemd's own unit does all that is needed. */
function dropInText({ unregisters, mounts }: SystemdFacts): string | undefined {
  if (unregisters && mounts.length === 0) return undefined;
  const unit = mounts.length === 0 ? '' : `\n[Unit]\nRequiresMountsFor=${mounts.join(' ')}\n`;
  const service = unregisters ? '' : `\n[Service]\nExecStop=-/bin/sh ${shellProgram} stop\n`;
  return `${origin}\n${unit}${service}`;
}

/** Should systemd-binfmt come to run, too: it empties the table first. Needs neither node nor anyarch. */
function unitText({ mounts }: SystemdFacts): string {
  return `${origin}

[Unit]
Description=Register foreign architectures (anyarch)
Documentation=https://docs.kernel.org/admin-guide/binfmt-misc.html
DefaultDependencies=no
Conflicts=shutdown.target
After=proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount local-fs.target systemd-modules-load.service systemd-binfmt.service
Before=sysinit.target shutdown.target
RequiresMountsFor=${[...new Set([systemDirectory, ...mounts])].join(' ')}
ConditionPathIsReadWrite=/proc/sys/

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${shellProgram} start
ExecStop=/bin/sh ${shellProgram} stop
TimeoutSec=90s

[Install]
WantedBy=sysinit.target
`;
}
