import {
  AT_FDCWD,
  AT_RECURSIVE,
  MS_BIND,
  MS_NODEV,
  MS_NOEXEC,
  MS_NOSUID,
} from '../core/launcher/constants.ts';
import { optional, step } from './builder.ts';
import type { Builder } from './builder.ts';
import { bindTree, devices } from './collect-trees.ts';
import type { DescribedStep } from './described-step.ts';
import { attach, makeDirectory, makeFile, readOnlyAttribute, writeFile } from './file-steps.ts';
import { isInDevices, makeTarget, mountBind, needsTarget, protectTree } from './inside-root.ts';
import { protectsSettings } from './setup.ts';

/** Everything that is mounted in the new root. /proc comes last: until then the guest has no links to descriptors. */
export function populateRoot(builder: Builder): DescribedStep[] {
  const { setup } = builder;
  const own = setup.root.kind !== 'host';
  return [
    ...(own ? ['/dev', '/proc', '/sys', '/tmp'].map((path) => makeDirectory(path)) : []),
    ...(own && setup.root.readOnly === true ? protectRoot(builder) : []),
    ...(own ? mountDevices(builder) : []),
    ...(own ? mountSys(builder) : []),
    ...setup.binds.flatMap((bind, index) => mountBind(builder, bind, bindTree(index))),
    ...mountProc(),
    ...(protectsSettings(setup) ? keepControlGroupsOut() : []),
    ...(own && setup.isHostRoot ? protectSettings(builder) : []),
    // The table lives as long as something has it mounted; the first mount goes with the old root.
    step('keep the private table mounted', 'mount', [
      'binfmt_misc',
      '/proc/sys/fs/binfmt_misc',
      'binfmt_misc',
      0,
      0,
    ]),
  ];
}

/** What is mounted later needs places, which cannot be made any more once the root is read-only. */
function protectRoot(builder: Builder): DescribedStep[] {
  const places = builder.setup.binds
    .filter((bind) => needsTarget(builder.setup, bind) && !isInDevices(builder.setup, bind))
    .flatMap((bind) => makeTarget(builder, bind, `mount ${bind.source} at ${bind.target}`));
  const attributes = [AT_FDCWD, '/', AT_RECURSIVE, readOnlyAttribute(builder.host), 32];
  return [...places, step('protect the root', 'mount_setattr', attributes)];
}

function mountSys(builder: Builder): DescribedStep[] {
  const { setup } = builder;
  const tree = 'tree:/sys';
  return [
    ...(protectsSettings(setup) ? [protectTree(builder, { variable: tree }, 'protect /sys', optional)] : []),
    attach(tree, '/sys', 'mount /sys', optional),
  ];
}

/**
 * A guest's own user and control group namespaces let it mount the control groups anew, writable for the user id that it
 * shares with the caller: those that limit it, and those of the caller. A user namespace has a number of its own of how
 * many there may be of each kind in it (namespaces(7)); who changes it needs a capability that the guest gives up.
 */
function keepControlGroupsOut(): DescribedStep[] {
  // A container's /proc/sys may be read-only.
  return writeFile('/proc/sys/user/max_cgroup_namespaces', '0', 'keep control groups out').map((one) => ({
    ...one,
    ...optional,
  }));
}

/** Files of /proc by which the host's root changes the host's kernel, as container engines protect them. */
const settings = ['/proc/sys', '/proc/sysrq-trigger', '/proc/irq', '/proc/bus', '/proc/fs', '/proc/asound'];

/** The guest of the host's root has its user id, and the kernel looks at nothing else there. */
function protectSettings({ host }: Builder): DescribedStep[] {
  return settings.flatMap((path) => {
    // Not every kernel has the others.
    const rest = path === '/proc/sys' ? {} : optional;
    return [
      step(`protect ${path}`, 'mount', [path, path, 0, MS_BIND, 0], rest),
      step(`protect ${path}`, 'mount_setattr', [AT_FDCWD, path, 0, readOnlyAttribute(host), 32], rest),
    ];
  });
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
