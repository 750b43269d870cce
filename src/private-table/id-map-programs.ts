import { decodeUtf8 } from '../core/text.ts';
import { mountOf } from '../host/mounts.ts';
import { ignoring } from '../host/system-error.ts';
import type { Condition, ConditionHost } from './condition.ts';
import { remedies } from './remedies.ts';

/** Each may write one map: the privilege that it needs for that. */
const programs = { newuidmap: 'cap_setuid', newgidmap: 'cap_setgid' } as const;

/** Whether newuidmap(1) and newgidmap(1) are there and have the privilege to map ids. */
export function idMapPrograms(host: ConditionHost): Condition {
  const id = 'id-map-programs';
  const found = Object.entries(programs).map(([name, capability]) => ({
    name,
    capability,
    path: findProgram(host, name),
  }));
  const missing = found.filter(({ path }) => path === undefined).map(({ name }) => name);
  if (missing.length > 0)
    return {
      id,
      holds: false,
      evidence: `${missing.join(' and ')} cannot be found`,
      remedy: remedies.idMapPrograms,
    };
  if (/^NoNewPrivs:\s*1$/m.test(textOf(host, '/proc/self/status')))
    return {
      id,
      holds: false,
      evidence: 'no_new_privs is set for this process, so that newuidmap gains no privilege',
      remedy: 'start it from a process without (no "no new privileges" of a container, sudo or systemd unit)',
    };
  for (const { path = '', capability } of found) {
    const problem = whyPowerless(host, path, capability);
    if (problem !== undefined)
      return { id, holds: false, evidence: problem, remedy: remedies.idMapProgramsPowerless };
  }
  return {
    id,
    holds: true,
    evidence: `${found.map(({ path }) => path).join(' and ')} have the privilege to map ids`,
  };
}

function findProgram({ files, system }: ConditionHost, name: string): string | undefined {
  return [...(system.environment['PATH'] ?? '').split(':'), '/usr/bin', '/bin']
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => `${directory}/${name}`)
    .find((path) => ignoring(['EACCES'], () => files.isExecutable(path)) === true);
}

/** Setuid root as Debian has it, or file capabilities as Fedora has them. */
function whyPowerless(host: ConditionHost, path: string, capability: string): string | undefined {
  const status = host.files.status(path);
  if (mountOf(host, path)?.options.has('nosuid') === true)
    return `${path} is on a file system that is mounted nosuid`;
  if (status?.uid === 0 && (status.mode & 0o4000) !== 0) return undefined;
  const { stdout, startError } = host.processes.run(['getcap', path], {
    environment: { PATH: `${host.system.environment['PATH'] ?? ''}:/usr/sbin:/sbin` },
    timeoutMs: 5000,
  });
  // Without getcap it cannot be told; who maps ids then finds out.
  return startError !== undefined || stdout.includes(capability)
    ? undefined
    : `${path} is neither setuid root nor has it the capability ${capability}`;
}

function textOf({ files }: ConditionHost, path: string): string {
  return ignoring(['ENOENT', 'EACCES'], () => decodeUtf8(files.read(path))) ?? '';
}
