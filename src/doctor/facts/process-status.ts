import { fact } from '../examination.ts';
import { textOf } from './read-text.ts';

/** How this process is confined (proc_pid_status(5)). What is undefined could not be read. */
export interface ProcessStatus {
  readonly noNewPrivileges: boolean | undefined;
  readonly seccomp: 'off' | 'strict' | 'filter' | undefined;
  /** The security module's: `docker-default (enforce)`, `system_u:system_r:container_t:s0:c1,c2`; undefined where there is none. */
  readonly label: string | undefined;
}

const seccompModes = ['off', 'strict', 'filter'] as const;

export const processStatus = fact(({ host }): ProcessStatus => {
  const text = textOf(host, '/proc/self/status');
  const valueOf = (name: string): string | undefined =>
    new RegExp(`^${name}:\\s*(\\S+)$`, 'm').exec(text ?? '')?.[1];
  const noNewPrivileges = valueOf('NoNewPrivs');
  const label = textOf(host, '/proc/self/attr/current')?.replaceAll('\0', '').trim();
  return {
    noNewPrivileges: noNewPrivileges === undefined ? undefined : noNewPrivileges === '1',
    seccomp: seccompModes[Number(valueOf('Seccomp') ?? NaN)],
    label: label === '' || label === 'unconfined' ? undefined : label,
  };
});
