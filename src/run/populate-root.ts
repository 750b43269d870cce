import { devices } from './collect-trees.ts';
import { AT_FDCWD, AT_RECURSIVE, MS_NODEV, MS_NOEXEC, MS_NOSUID } from '../core/launcher/constants.ts';
import { optional, step } from './builder.ts';
import type { Builder } from './builder.ts';
import { bindName } from './collect-trees.ts';
import type { DescribedStep } from './described-step.ts';
import { attach, makeDirectory, makeFile, readOnlyAttribute } from './file-steps.ts';
import type { Bind } from './setup.ts';

export function populateRoot(builder: Builder): DescribedStep[] {
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
