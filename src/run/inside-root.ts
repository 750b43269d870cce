import {
  AT_EMPTY_PATH,
  AT_FDCWD,
  AT_RECURSIVE,
  MOVE_MOUNT_F_EMPTY_PATH,
  MOVE_MOUNT_T_EMPTY_PATH,
  O_CLOEXEC,
  O_PATH,
  RESOLVE_IN_ROOT,
  RESOLVE_NO_MAGICLINKS,
  S_IFREG,
} from '../core/launcher/constants.ts';
import type { Variable } from '../core/launcher/program.ts';
import { isLittle, optional, step } from './builder.ts';
import type { Builder } from './builder.ts';
import type { DescribedStep } from './described-step.ts';
import { powerlessAttribute, readOnlyAttribute } from './file-steps.ts';
import type { Bind, NamespaceSetup } from './setup.ts';

/*
 * Paths that the caller names in the guest are resolved with openat2(2): the guest's own links stay inside its root,
 * and none of them may be one of /proc/PID/fd, by which it would get at the descriptors of the host that are still
 * open while the root is being set up.
 */

const root: Variable = { variable: 'root' };

/** The working directory is the new root when this is reached. */
export function rememberRoot({ constants }: Builder): DescribedStep {
  return step('remember the root', 'openat', [AT_FDCWD, '.', O_PATH | constants.O_DIRECTORY | O_CLOEXEC, 0], {
    store: root,
  });
}

/** Opens a path of the guest as a place, not for reading. */
export function openInside(
  { host, constants, text }: Builder,
  path: string,
  into: Variable,
  options: { readonly doing: string; readonly isDirectory: boolean; readonly isOptional?: boolean },
): DescribedStep {
  const flags = O_PATH | O_CLOEXEC | (options.isDirectory ? constants.O_DIRECTORY : 0);
  // struct open_how: flags, mode, resolve; 64 bits each.
  const how = new DataView(new ArrayBuffer(24));
  how.setBigUint64(0, BigInt(flags), isLittle(host));
  how.setBigUint64(16, BigInt(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS), isLittle(host));
  const place = [root, text(path), new Uint8Array(how.buffer), 24];
  return step(options.doing, 'openat2', place, {
    store: into,
    ...(options.isOptional === true ? optional : {}),
  });
}

/** Attaches a tree that was picked up before the root changed. */
export function mountBind(builder: Builder, bind: Bind, tree: Variable): DescribedStep[] {
  const doing = `mount ${bind.source} at ${bind.target}`;
  const isOptional = bind.optional === true;
  const rest = isOptional ? optional : {};
  const target: Variable = { variable: 'bind target' };
  return [
    ...(needsTarget(builder.setup, bind) ? makeTarget(builder, bind, doing) : []),
    openInside(builder, bind.target, target, { doing, isDirectory: bind.kind === 'directory', isOptional }),
    ...(bind.readOnly
      ? [
          protectTree(
            builder,
            tree,
            `make ${bind.target} read-only`,
            rest,
            bind.isPowerless === true ? powerlessAttribute : readOnlyAttribute,
          ),
        ]
      : []),
    step(
      doing,
      'move_mount',
      [tree, '', target, '', MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH],
      rest,
    ),
  ];
}

/** Before the tree is attached, so that there is no moment in which it can be written to. */
export function protectTree(
  { host }: Builder,
  tree: Variable,
  doing: string,
  rest: Partial<DescribedStep> = {},
  attribute = readOnlyAttribute,
): DescribedStep {
  return step(doing, 'mount_setattr', [tree, '', AT_EMPTY_PATH | AT_RECURSIVE, attribute(host), 32], rest);
}

/** An optional file is only mounted where the guest has one, unless nothing of what is made for it stays. */
export function needsTarget({ root }: Pick<NamespaceSetup, 'root'>, bind: Bind): boolean {
  return bind.optional !== true || root.kind === 'ephemeral' || isInDevices({ root }, bind);
}

/** In a root of its own /dev is in memory, and stays writable. */
export function isInDevices(
  { root }: Pick<NamespaceSetup, 'root'>,
  { target }: Pick<Bind, 'target'>,
): boolean {
  return root.kind !== 'host' && target.startsWith('/dev/');
}

/** The file or directory that a bind is mounted on. */
export function makeTarget(
  builder: Builder,
  { target, kind, optional: isOptional = false }: Pick<Bind, 'kind' | 'optional' | 'target'>,
  doing: string,
): DescribedStep[] {
  const parts = target.split('/').filter((part) => part !== '');
  const parent: Variable = { variable: 'bind parent' };
  return parts.flatMap((name, index) => {
    const isFile = kind === 'file' && index === parts.length - 1;
    const path = builder.text(name);
    return [
      openInside(builder, `/${parts.slice(0, index).join('/')}`, parent, {
        doing,
        isDirectory: true,
        isOptional,
      }),
      // What is there already stays; where it cannot be made, the next opening says so.
      isFile
        ? step(doing, 'mknodat', [parent, path, S_IFREG | 0o644, 0], optional)
        : step(doing, 'mkdirat', [parent, path, 0o755], optional),
      step(doing, 'close', [parent], optional),
    ];
  });
}
