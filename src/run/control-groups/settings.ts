import type { GuestLimits } from './limits.ts';

/** One file of a control group and what is written to it. */
export interface Setting {
  readonly controller: 'cpu' | 'memory' | 'pids';
  readonly file: string;
  readonly text: string;
}

/** The launcher and the init of the guest's namespace, which are in the group with it. */
const ownProcesses = 2;

/** Microseconds in which a group may use its share of processor time; the kernel's own choice. */
const periodUs = 100_000;

/** What the kernel's files of a version take: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/. */
export function settingsOf({ memoryBytes, cpus, pids }: GuestLimits, version: 1 | 2): Setting[] {
  const quota = `${Math.round((cpus ?? 0) * periodUs)}`;
  const cpuSettings: readonly Setting[] =
    version === 2
      ? [{ controller: 'cpu', file: 'cpu.max', text: `${quota} ${periodUs}` }]
      : [
          { controller: 'cpu', file: 'cpu.cfs_period_us', text: `${periodUs}` },
          { controller: 'cpu', file: 'cpu.cfs_quota_us', text: quota },
        ];
  return [
    ...(memoryBytes === undefined
      ? []
      : [
          {
            controller: 'memory',
            file: version === 2 ? 'memory.max' : 'memory.limit_in_bytes',
            text: `${memoryBytes}`,
          } as const,
        ]),
    ...(cpus === undefined ? [] : cpuSettings),
    ...(pids === undefined
      ? []
      : [{ controller: 'pids', file: 'pids.max', text: `${pids + ownProcesses}` } as const]),
  ];
}

/** Properties of a scope (systemd.resource-control(5)). */
export function scopeProperties({ memoryBytes, cpus, pids }: GuestLimits): string[] {
  return [
    ...(memoryBytes === undefined ? [] : [`MemoryMax=${memoryBytes}`]),
    ...(cpus === undefined ? [] : [`CPUQuota=${Number((cpus * 100).toFixed(2))}%`]),
    ...(pids === undefined ? [] : [`TasksMax=${pids + ownProcesses}`]),
  ];
}

export function controllersOf(limits: GuestLimits): Setting['controller'][] {
  return [...new Set(settingsOf(limits, 2).map(({ controller }) => controller))];
}
