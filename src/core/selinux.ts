/** What is known about SELinux around the file that an entry pins (flag F). */
export interface SelinuxFacts {
  /** Content of /sys/fs/selinux/enforce; undefined where there is none, as in privileged containers. */
  readonly enforce: string | undefined;
  /** Content of /proc/self/attr/current. */
  readonly process: string | undefined;
  /** Content of /proc/self/mounts: engines label a container's files by their mount's option `context`. */
  readonly mounts: string | undefined;
  /** Directory of the emulators. */
  readonly directory: string;
}

/** The options of podman and docker with which a registering container's files may be executed by all others. */
export const selinuxOptions: readonly string[] = [
  '--security-opt label=filetype:container_file_t',
  '--security-opt label=level:s0',
  '--security-opt label=type:spc_t',
];

interface Label {
  readonly text: string;
  readonly type: string;
  /** `s0`, `s0:c1022,c1023`, `s0-s0:c0.c1023`. */
  readonly level: string;
}

/** What containers may execute (container-selinux: container_file_t and container_ro_file_t, of old svirt_sandbox_file_t). */
const executableTypes = [
  'container_file_t',
  'container_ro_file_t',
  'container_share_t',
  'svirt_sandbox_file_t',
];

/**
 * Why other containers may not execute an emulator of this one, although the kernel has it open: each exec is checked
 * with the other's label. Undefined where nothing is known to forbid it. Our own probe cannot tell: it has our label.
 */
export function selinuxObstacle(facts: SelinuxFacts): string | undefined {
  const { process, mounts, directory } = facts;
  if (selinuxState(facts) === 'off') return undefined;
  const own = parseLabel(process);
  const files = parseLabel(contextOf(mounts ?? '', directory));
  if (files !== undefined) return fileObstacle(files);
  if (own === undefined || own.type === 'spc_t') return undefined;
  // An ordinary container's files have its own categories.
  return own.type.startsWith('container_') || own.type.startsWith('svirt_')
    ? `this container runs as ${own.text}, so its files are for itself alone`
    : undefined;
}

/**
 * A privileged container has a sysfs of its own, in which nobody has mounted selinuxfs: its label alone tells then that
 * there is SELinux.
 *
 * @returns `off` also where it only watches; `unknown` where it is on and nothing tells whether it enforces
 */
export function selinuxState({
  enforce,
  process,
}: Pick<SelinuxFacts, 'enforce' | 'process'>): 'enforcing' | 'off' | 'unknown' {
  if (enforce !== undefined) return enforce.trim() === '1' ? 'enforcing' : 'off';
  return isContext(process) ? 'unknown' : 'off';
}

/** With a level, which all policies for containers have. AppArmor's labels have modes and namespaces, and no level. */
function isContext(text: string | undefined): boolean {
  return /^[^\s:]+:[^\s:]+:[^\s:]+:s\d[^\s]*$/.test(withoutEnd(text));
}

function withoutEnd(text: string | undefined): string {
  return text?.replaceAll('\0', '').trim() ?? '';
}

function fileObstacle({ text, type, level }: Label): string | undefined {
  if (level.includes(':')) return `the emulators' label ${text} has categories that other containers lack`;
  return executableTypes.includes(type)
    ? undefined
    : `the emulators' label ${text} is of a type that other containers may not execute`;
}

/** `user:role:type:level`, with a NUL at the end in /proc. AppArmor's texts are none. */
function parseLabel(text: string | undefined): Label | undefined {
  const clean = withoutEnd(text);
  const [user, role, type, ...level] = clean.split(':');
  if (user === undefined || role === undefined || type === undefined || level.length === 0) return undefined;
  return { text: clean, type, level: level.join(':') };
}

/** Of the mount that a directory is in: the longest mount point above it, the last of equal ones. */
function contextOf(mounts: string, directory: string): string | undefined {
  let nearest = { point: '', options: '' };
  for (const line of mounts.split('\n')) {
    const [, point = '', , options = ''] = line.split(' ');
    const isAbove = point === '/' || directory === point || directory.startsWith(`${point}/`);
    if (point !== '' && isAbove && point.length >= nearest.point.length) nearest = { point, options };
  }
  const [, quoted, bare] = /(?:^|,)context=(?:"([^"]*)"|([^,]*))/.exec(nearest.options) ?? [];
  return quoted ?? bare;
}
