import {
  AT_FDCWD,
  MOUNT_ATTR_NODEV,
  MOUNT_ATTR_NOSUID,
  MOUNT_ATTR_RDONLY,
  MOVE_MOUNT_F_EMPTY_PATH,
  O_CLOEXEC,
  O_WRONLY,
  S_IFREG,
} from '../core/launcher/constants.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import type { Step, Variable } from '../core/launcher/program.ts';
import { isLittle, optional, step } from './builder.ts';
import type { DescribedStep } from './described-step.ts';

/** Where it is already there, nothing happens; where it cannot be made, the mount that needs it says so. */
export function makeDirectory(path: string): DescribedStep {
  return step(`make ${path}`, 'mkdirat', [AT_FDCWD, path, 0o755], optional);
}

export function makeFile(path: string): DescribedStep {
  return step(`make ${path}`, 'mknodat', [AT_FDCWD, path, S_IFREG | 0o644, 0], optional);
}

export function writeFile(path: string, text: string, doing: string): DescribedStep[] {
  const descriptor: Variable = { variable: path };
  return [
    step(doing, 'openat', [AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0], { store: descriptor }),
    step(doing, 'write', [descriptor, text, text.length]),
    step(doing, 'close', [descriptor]),
  ];
}

export function attach(
  tree: string,
  target: string,
  doing: string,
  rest: Omit<Step, 'call' | 'arguments'>,
): DescribedStep {
  return step(doing, 'move_mount', [{ variable: tree }, '', AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH], rest);
}

export function readOnlyAttribute(host: LauncherHost): Uint8Array {
  return mountAttribute(host, MOUNT_ATTR_RDONLY);
}

/** Read-only, and neither set-user-id programs nor devices in it have an effect. */
export function powerlessAttribute(host: LauncherHost): Uint8Array {
  return mountAttribute(host, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
}

/** struct mount_attr (mount_setattr(2)): the four 64-bit fields set, clear, propagation, user namespace. */
function mountAttribute(host: LauncherHost, set: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(set), isLittle(host));
  return bytes;
}
