import {
  AT_FDCWD,
  AT_RECURSIVE,
  CLONE_NEWNS,
  CLONE_NEWPID,
  CLONE_NEWUSER,
  FD_CLOEXEC,
  F_SETFD,
  MNT_DETACH,
  MOUNT_ATTR_RDONLY,
  MOVE_MOUNT_F_EMPTY_PATH,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
  MS_PRIVATE,
  MS_REC,
  OPEN_TREE_CLONE,
  O_CLOEXEC,
  O_RDONLY,
  O_WRONLY,
  PR_SET_PDEATHSIG,
  SIGHUP,
  SIGINT,
  SIGKILL,
  SIGQUIT,
  SIGTERM,
  S_IFREG,
} from '../core/launcher/constants.ts';
import { hostConstants, signalAction } from '../core/launcher/host-constants.ts';
import type { HostConstants } from '../core/launcher/host-constants.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import type { Argument, Program, Step, Variable } from '../core/launcher/program.ts';
import { privateTableStep } from './described-step.ts';
import type { DescribedStep } from './described-step.ts';
import { recordHead } from './report.ts';
import type { Bind, NamespaceSetup, TableRule } from './setup.ts';

export interface NamespaceProgram extends Program {
  readonly steps: readonly DescribedStep[];
  /** The launcher's arguments: the texts that the steps refer to, then the candidates, then the guest's own. */
  readonly arguments: readonly string[];
}

const reportDescriptor = 3;
/** Where the parent tells the launcher that the id maps are written. */
const goAheadDescriptor = 4;

/**
 * The launcher's program: a user, mount and pid namespace with its own binfmt_misc table and root, in which the
 * first candidate that can be executed becomes the guest. Three processes: the outer one only waits (it is what
 * the parent sees), the namespace's init reaps orphans, the third one becomes the guest. A guest that were init
 * itself would ignore Ctrl-C.
 *
 * Paths are arguments of the launcher, not part of it: runs that differ in nothing else share one launcher file.
 *
 * @param candidates paths of the command, in the order in which execve tries them
 * @param guestArguments the guest's argument vector
 */
export function namespaceProgram(
  host: LauncherHost,
  setup: NamespaceSetup,
  candidates: readonly string[],
  guestArguments: readonly string[],
): NamespaceProgram {
  const texts: string[] = [];
  const builder: Builder = {
    host,
    constants: hostConstants(host),
    setup,
    text: (text) => ({ argument: texts.push(text) }),
  };
  const init: Variable = { variable: 'init' };
  const before = [
    ...enterNamespaces(builder),
    step('start init', 'clone', [builder.constants.SIGCHLD], {
      store: init,
      when: { equals: 0, goTo: 'init' },
    }),
    ...waitOutside(builder, init),
    step('follow the parent', 'prctl', [PR_SET_PDEATHSIG, SIGKILL], { label: 'init' }),
    step('keep mounts private', 'mount', [0, '/', 0, MS_REC | MS_PRIVATE, 0]),
    ...fillTable(builder),
    ...collectTrees(builder),
    ...changeRoot(builder),
    ...populateRoot(builder),
    step('let go of the old root', 'fchdir', [oldRoot]),
    step('let go of the old root', 'umount2', ['.', MNT_DETACH]),
    step('enter the new root', 'chdir', ['/']),
    step(`enter ${setup.workingDirectory}`, 'chdir', [builder.text(setup.workingDirectory)]),
    ...superviseGuest(builder),
  ];
  return {
    reportDescriptor,
    steps: [...before, ...becomeGuest(builder, texts.length, candidates.length)],
    arguments: [...texts, ...candidates, ...guestArguments],
  };
}

interface Builder {
  readonly host: LauncherHost;
  readonly constants: HostConstants;
  readonly setup: NamespaceSetup;
  /** Hands a text over as an argument of the launcher. */
  readonly text: (text: string) => Argument;
}

function step(
  doing: string,
  call: Step['call'],
  args: Step['arguments'],
  rest: Omit<Step, 'call' | 'arguments'> = {},
): DescribedStep {
  return { doing, call, arguments: args, ...rest };
}

const oldRoot: Variable = { variable: 'oldRoot' };
const optional = { onError: 'ignore' } as const;

function isLittle(host: LauncherHost): boolean {
  return host.identity.endianness === 'little';
}

function enterNamespaces({ host, setup }: Builder): DescribedStep[] {
  const unshare = step('make the namespaces', 'unshare', [CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID]);
  // After unshare: gaining capabilities in the new user namespace clears it.
  const follow = step('follow the parent', 'prctl', [PR_SET_PDEATHSIG, SIGKILL]);
  if (setup.mapping.kind === 'parent')
    return [
      unshare,
      follow,
      step('report the namespaces', 'write', [reportDescriptor, recordHead('ready', isLittle(host)), 4]),
      step('report the namespaces', 'write', [reportDescriptor, new Uint8Array(4), 4]),
      // 0 means that the parent gave up: it has closed its end without a word.
      step('wait for the id maps', 'read', [goAheadDescriptor, new Uint8Array(4), 1], {
        when: { equals: 0, goTo: 'end' },
      }),
      step('become root of the namespace', 'setresgid', [0, 0, 0]),
      step('become root of the namespace', 'setresuid', [0, 0, 0]),
      // Changing the ids clears it again.
      follow,
    ];
  return [
    unshare,
    follow,
    // The kernel wants this before an unprivileged gid_map (user_namespaces(7)).
    ...writeFile('/proc/self/setgroups', 'deny', 'map the ids (setgroups)'),
    ...writeFile('/proc/self/uid_map', `0 ${setup.mapping.uid} 1`, 'map the user id'),
    ...writeFile('/proc/self/gid_map', `0 ${setup.mapping.gid} 1`, 'map the group id'),
  ];
}

function waitOutside({ host, constants }: Builder, init: Variable): DescribedStep[] {
  return [
    // The terminal sends these to the whole process group; the guest decides about them, not the process that waits.
    ...[SIGHUP, SIGINT, SIGQUIT, SIGTERM].map((signal) =>
      step('leave signals to the guest', 'rt_sigaction', [
        signal,
        signalAction(host, 'ignore'),
        0,
        constants.signalSetSize,
      ]),
    ),
    step('wait for init', 'wait4', [init, 0, 0, 0]),
    step('end', 'exit_group', [0], { label: 'end' }),
  ];
}

function fillTable({ setup, text }: Builder): DescribedStep[] {
  const register: Variable = { variable: 'register' };
  return [
    step(privateTableStep, 'mount', ['binfmt_misc', text(setup.scratch), 'binfmt_misc', 0, 0]),
    step(
      'open the private table',
      'openat',
      [AT_FDCWD, text(`${setup.scratch}/register`), O_WRONLY | O_CLOEXEC, 0],
      {
        store: register,
      },
    ),
    ...setup.rules.map((rule) => registerRule(register, rule)),
    step('close the private table', 'close', [register]),
  ];
}

function registerRule(register: Variable, rule: TableRule): DescribedStep {
  const doing = `register ${rule.name} in the private table`;
  return step(doing, 'write', [register, rule.text, rule.text.length], rule.optional ? optional : {});
}

/** The device files of the guest and where they come from, by name. */
function devices({ setup }: Builder): readonly (readonly [name: string, source: string])[] {
  const usual = ['null', 'zero', 'full', 'random', 'urandom', 'tty'].map(
    (name) => [name, `/dev/${name}`] as const,
  );
  // The terminal is not in the guest's own /dev/pts; there ttyname(3) finds it, as in bubblewrap and systemd-nspawn.
  return setup.terminal === undefined ? usual : [...usual, ['console', setup.terminal]];
}

/**
 * Mounts of the host are picked up before the root changes and attached afterwards, so that the guest's own links
 * in a target path cannot lead out of its root.
 */
function collectTrees(builder: Builder): DescribedStep[] {
  const { constants, setup, text } = builder;
  const collect = (source: string, name: string, rest: Partial<DescribedStep> = {}): DescribedStep =>
    step(
      `find ${source}`,
      'open_tree',
      [AT_FDCWD, text(source), OPEN_TREE_CLONE | AT_RECURSIVE | O_CLOEXEC],
      {
        store: { variable: name },
        ...rest,
      },
    );
  return [
    collect('/proc', 'tree:/proc', optional),
    ...(setup.root.kind === 'host'
      ? []
      : [
          collect('/sys', 'tree:/sys', optional),
          ...devices(builder).map(([name, source]) => collect(source, `tree:${name}`, optional)),
        ]),
    ...setup.binds.map((bind, index) =>
      collect(bind.source, bindName(index), bind.optional === true ? optional : {}),
    ),
    step(
      'remember the old root',
      'openat',
      [AT_FDCWD, '/', O_RDONLY | constants.O_DIRECTORY | O_CLOEXEC, 0],
      {
        store: oldRoot,
      },
    ),
  ];
}

function bindName(index: number): string {
  return `tree:bind${index}`;
}

function changeRoot(builder: Builder): DescribedStep[] {
  const { root } = builder.setup;
  return [
    ...(root.kind === 'ephemeral'
      ? mountOverlay(builder, root.path)
      : bindRoot(builder, root.kind === 'host' ? '/' : root.path)),
    step('change the root', 'pivot_root', ['.', '.']),
  ];
}

function bindRoot({ setup, text }: Builder, path: string): DescribedStep[] {
  const scratch = text(setup.scratch);
  return [
    step(`mount ${path} as the root`, 'mount', [text(path), scratch, 0, MS_BIND | MS_REC, 0]),
    step('enter the new root', 'chdir', [scratch]),
  ];
}

/** An overlay whose writable layer lives in memory. Where the kernel refuses it, the root is read-only. */
function mountOverlay({ host, setup: { scratch }, text }: Builder, lower: string): DescribedStep[] {
  const [upper, work, root] = ['upper', 'work', 'root'].map((name) => `${scratch}/${name}`) as [
    string,
    string,
    string,
  ];
  const options = `lowerdir=${escapeOverlayPath(lower)},upperdir=${escapeOverlayPath(upper)},workdir=${escapeOverlayPath(work)},userxattr`;
  const newRoot = text(root);
  return [
    step('make a root in memory', 'mount', [
      'tmpfs',
      text(scratch),
      'tmpfs',
      MS_NOSUID | MS_NODEV,
      'mode=0755',
    ]),
    ...[upper, work, root].map((path) =>
      step('make a root in memory', 'mkdirat', [AT_FDCWD, text(path), 0o755]),
    ),
    step('lay the writable root over the guest', 'mount', ['overlay', newRoot, 'overlay', 0, text(options)], {
      onError: { goTo: 'plain root' },
      next: 'root mounted',
    }),
    step(`mount ${lower} as the root`, 'mount', [text(lower), newRoot, 0, MS_BIND, 0], {
      label: 'plain root',
    }),
    step('protect the root', 'mount_setattr', [AT_FDCWD, newRoot, 0, readOnlyAttribute(host), 32]),
    step('enter the new root', 'chdir', [newRoot], { label: 'root mounted' }),
  ];
}

/** The kernel splits the option at commas and colons; a backslash protects them. */
function escapeOverlayPath(path: string): string {
  return path.replace(/[\\,:]/g, '\\$&');
}

function populateRoot(builder: Builder): DescribedStep[] {
  const { setup } = builder;
  const own = setup.root.kind !== 'host';
  return [
    ...(own ? ['/dev', '/proc', '/sys', '/tmp'].map((path) => makeDirectory(path)) : []),
    ...(own ? mountDevices(builder) : []),
    ...mountProc(),
    // The table lives as long as something has it mounted; the first mount goes with the old root.
    step('keep the private table mounted', 'mount', [
      'binfmt_misc',
      '/proc/sys/fs/binfmt_misc',
      'binfmt_misc',
      0,
      0,
    ]),
    ...(own ? [attach('tree:/sys', '/sys', 'mount /sys', optional)] : []),
    ...setup.binds.flatMap((bind, index) => mountBind(builder, bind, bindName(index))),
  ];
}

function mountDevices(builder: Builder): DescribedStep[] {
  return [
    step('mount /dev', 'mount', ['tmpfs', '/dev', 'tmpfs', MS_NOSUID, 'mode=0755,size=65536k']),
    ...devices(builder).flatMap(([name]) => [
      makeFile(`/dev/${name}`),
      attach(`tree:${name}`, `/dev/${name}`, `mount /dev/${name}`, optional),
    ]),
    ...[
      ['/proc/self/fd', '/dev/fd'],
      ['/proc/self/fd/0', '/dev/stdin'],
      ['/proc/self/fd/1', '/dev/stdout'],
      ['/proc/self/fd/2', '/dev/stderr'],
      ['pts/ptmx', '/dev/ptmx'],
    ].map(([target = '', path = '']) => step(`link ${path}`, 'symlinkat', [target, AT_FDCWD, path])),
    makeDirectory('/dev/pts'),
    step(
      'mount /dev/pts',
      'mount',
      ['devpts', '/dev/pts', 'devpts', MS_NOSUID | MS_NOEXEC, 'newinstance,ptmxmode=0666,mode=0620'],
      optional,
    ),
    makeDirectory('/dev/shm'),
    step(
      'mount /dev/shm',
      'mount',
      ['tmpfs', '/dev/shm', 'tmpfs', MS_NOSUID | MS_NODEV, 'mode=1777'],
      optional,
    ),
  ];
}

/**
 * In a container whose /proc is partly masked the kernel refuses a new instance; then the host's own is used, in
 * which the guest sees its processes under their outer numbers.
 */
function mountProc(): DescribedStep[] {
  return [
    step('mount /proc', 'mount', ['proc', '/proc', 'proc', MS_NOSUID | MS_NODEV | MS_NOEXEC, 0], {
      onError: { goTo: 'outer proc' },
      next: 'proc mounted',
    }),
    attach('tree:/proc', '/proc', 'mount /proc', { label: 'outer proc' }),
    step('look at /proc', 'faccessat', [AT_FDCWD, '/proc/self', 0], { label: 'proc mounted' }),
  ];
}

function mountBind({ host, text }: Builder, bind: Bind, tree: string): DescribedStep[] {
  const target = text(bind.target);
  const rest = bind.optional === true ? optional : {};
  return [
    ...parents(bind.target).map((path) => makeDirectory(path, text(path))),
    // An optional file is only mounted where the guest has one.
    ...(bind.optional === true
      ? []
      : [bind.kind === 'directory' ? makeDirectory(bind.target, target) : makeFile(bind.target, target)]),
    attach(tree, target, `mount ${bind.source} at ${bind.target}`, rest),
    ...(bind.readOnly
      ? [
          step(
            `make ${bind.target} read-only`,
            'mount_setattr',
            [AT_FDCWD, target, AT_RECURSIVE, readOnlyAttribute(host), 32],
            rest,
          ),
        ]
      : []),
  ];
}

/** `/a/b/c` has `/a` and `/a/b`. */
function parents(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.slice(0, -1).map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

/** struct mount_attr (mount_setattr(2)): the four 64-bit fields set, clear, propagation, user namespace. */
function readOnlyAttribute(host: LauncherHost): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(MOUNT_ATTR_RDONLY), isLittle(host));
  return bytes;
}

function attach(
  tree: string,
  target: Argument,
  doing: string,
  rest: Omit<Step, 'call' | 'arguments'>,
): DescribedStep {
  return step(doing, 'move_mount', [{ variable: tree }, '', AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH], rest);
}

/** Where it is already there, nothing happens; where it cannot be made, the mount that needs it says so. */
function makeDirectory(path: string, argument: Argument = path): DescribedStep {
  return step(`make ${path}`, 'mkdirat', [AT_FDCWD, argument, 0o755], optional);
}

function makeFile(path: string, argument: Argument = path): DescribedStep {
  return step(`make ${path}`, 'mknodat', [AT_FDCWD, argument, S_IFREG | 0o644, 0], optional);
}

function writeFile(path: string, text: string, doing: string): DescribedStep[] {
  const descriptor: Variable = { variable: path };
  return [
    step(doing, 'openat', [AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0], { store: descriptor }),
    step(doing, 'write', [descriptor, text, text.length]),
    step(doing, 'close', [descriptor]),
  ];
}

function superviseGuest({ host, constants }: Builder): DescribedStep[] {
  const guest: Variable = { variable: 'guest' };
  const status: Variable = { variable: 'status' };
  return [
    step('start the guest', 'clone', [constants.SIGCHLD], {
      store: guest,
      when: { equals: 0, goTo: 'guest' },
    }),
    step('wait for the guest', 'wait4', [-1, { pointerTo: status }, 0, 0], {
      label: 'reap',
      when: { equals: guest, goTo: 'done' },
      next: 'reap',
    }),
    step("report the guest's end", 'write', [reportDescriptor, recordHead('status', isLittle(host)), 4], {
      label: 'done',
    }),
    step("report the guest's end", 'write', [reportDescriptor, { pointerTo: status }, 4]),
    step('end', 'exit_group', [0]),
  ];
}

function becomeGuest({ host, setup }: Builder, texts: number, candidates: number): DescribedStep[] {
  // personality(2), include/uapi/linux/personality.h
  const PER_LINUX32 = 8;
  const indices = Array.from({ length: candidates }, (_, index) => index);
  const refusal = (index: number): Variable => ({ variable: `refusal${index}` });
  const guestArguments = { argumentsFrom: 1 + texts + candidates };
  return [
    step('hide the report from the guest', 'fcntl', [reportDescriptor, F_SETFD, FD_CLOEXEC], {
      label: 'guest',
    }),
    step('hide the pipe from the guest', 'fcntl', [goAheadDescriptor, F_SETFD, FD_CLOEXEC], optional),
    ...(setup.isNative32 === true ? [step('set the personality', 'personality', [PER_LINUX32])] : []),
    ...indices.map((index) =>
      step(
        'execute the command',
        'execve',
        [{ argument: 1 + texts + index }, guestArguments, { environment: true }],
        {
          store: refusal(index),
          onError: 'ignore',
        },
      ),
    ),
    ...indices.flatMap((index) => [
      step('report the refusal', 'write', [reportDescriptor, recordHead('refusal', isLittle(host)), 4]),
      step('report the refusal', 'write', [reportDescriptor, { pointerTo: refusal(index) }, 4]),
    ]),
    step('end', 'exit_group', [127]),
  ];
}
