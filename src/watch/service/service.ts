import type { WantedFile } from '../../installed-files/index.ts';
import type { FoundInit } from './init.ts';
import { openrcFiles } from './openrc.ts';
import { serviceName, serviceProgram, type ServiceOptions } from './place.ts';
import { runitFiles } from './runit.ts';
import { systemdFiles } from './systemd.ts';

/** The static program of this machine, to be copied. */
export interface ProgramFile {
  readonly path: string;
  readonly sha256: string;
}

/** All files of the service. The program first: nothing starts what is not there. */
export function serviceFiles(
  { init, services, hasRunDirectory }: FoundInit,
  program: ProgramFile,
  options: ServiceOptions,
): WantedFile[] {
  const copy = {
    path: serviceProgram,
    content: { copyOf: program.path, sha256: program.sha256 },
    mode: 0o755,
  };
  switch (init) {
    case 'systemd':
      return [copy, ...systemdFiles(options)];
    case 'openrc':
      return [copy, ...openrcFiles(options)];
    case 'runit':
      return [copy, ...runitFiles(options, services ?? '/etc/service', hasRunDirectory)];
  }
}

/** What has to be run so that the init takes notice; it starts, or starts anew, what is there. */
export function startCommands({ init }: Pick<FoundInit, 'init'>): readonly (readonly string[])[] {
  switch (init) {
    case 'systemd':
      return [
        ['systemctl', 'daemon-reload'],
        ['systemctl', 'restart', `${serviceName}.service`],
      ];
    case 'openrc':
      return [['rc-service', serviceName, 'restart']];
    case 'runit':
      // runsvdir(8) looks for new services every five seconds.
      return [];
  }
}

/** What stops it before its files go, and what tells the init afterwards. */
export function stopCommands({ init }: Pick<FoundInit, 'init'>): {
  readonly before: readonly (readonly string[])[];
  readonly after: readonly (readonly string[])[];
} {
  switch (init) {
    case 'systemd':
      return {
        before: [['systemctl', 'stop', `${serviceName}.service`]],
        after: [['systemctl', 'daemon-reload']],
      };
    case 'openrc':
      return { before: [['rc-service', serviceName, 'stop']], after: [] };
    case 'runit':
      return { before: [['sv', 'down', serviceName]], after: [] };
  }
}
