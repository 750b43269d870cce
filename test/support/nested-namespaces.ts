import { dirname, join } from 'node:path';
import { findArchitecture } from '../../src/core/architecture.ts';
import {
  AT_FDCWD,
  CLONE_NEWNS,
  CLONE_NEWUSER,
  MNT_DETACH,
  O_WRONLY,
  PR_SET_DUMPABLE,
  S_IFREG,
} from '../../src/core/launcher/constants.ts';
import type { Step } from '../../src/core/launcher/program.ts';
import { formatRule } from '../../src/core/rule.ts';
import { enterNamespaces } from '../../src/host/node/enter-namespaces.ts';
import { binfmtMiscPath } from '../../src/host/node/node-binfmt.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { startHolder } from './holder.ts';
import type { Holder } from './holder.ts';

/** Namespaces of their own, inside those of another process or of ours. */
export async function nestedNamespaces(steps: readonly Step[], around?: Holder): Promise<Holder> {
  const { uid, gid } = around === undefined ? nodeHost().system : { uid: 0, gid: 0 };
  return startHolder([
    ...(around === undefined ? [] : enterNamespaces(around.pid)),
    { call: 'unshare', arguments: [CLONE_NEWUSER | CLONE_NEWNS] },
    ...write('/proc/self/setgroups', 'deny'),
    ...write('/proc/self/uid_map', `0 ${uid} 1`),
    ...write('/proc/self/gid_map', `0 ${gid} 1`),
    { call: 'prctl', arguments: [PR_SET_DUMPABLE, 1, 0, 0, 0] },
    ...steps,
  ]);
}

/** The table becomes one of the namespace's own. */
export const mountTable: Step = {
  call: 'mount',
  arguments: ['binfmt_misc', binfmtMiscPath, 'binfmt_misc', 0, 0],
};
export const unmountTable: Step = { call: 'umount2', arguments: [binfmtMiscPath, MNT_DETACH] };
/** A directory that looks like a table lies over the one that is mounted. */
export const coverTable: readonly Step[] = [
  { call: 'mount', arguments: ['none', dirname(binfmtMiscPath), 'tmpfs', 0, 0] },
  { call: 'mkdirat', arguments: [AT_FDCWD, binfmtMiscPath, 0o755] },
  { call: 'mknodat', arguments: [AT_FDCWD, `${binfmtMiscPath}/register`, S_IFREG | 0o644, 0] },
];
/** Where probes are written. */
export const hideFiles: Step = { call: 'mount', arguments: ['none', '/dev/shm', 'tmpfs', 0, 0] };

/** Writes a rule with flag F for the test run's QEMU. */
export function registerEmulator(name: string): Step[] {
  const architecture = findArchitecture(name);
  const { offset, magic, mask } = architecture;
  const interpreter = join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${architecture.name}`);
  const flags = { fixBinary: true, credentials: false, openBinary: false, preserveArgv0: false };
  const rule = formatRule({
    name: `qemu-${architecture.name}`,
    kind: 'magic',
    offset,
    magic,
    mask,
    interpreter,
    flags,
  });
  return write(`${binfmtMiscPath}/register`, rule);
}

function write(path: string, content: string | Uint8Array): Step[] {
  const descriptor = { variable: path };
  return [
    { call: 'openat', arguments: [AT_FDCWD, path, O_WRONLY], store: descriptor },
    { call: 'write', arguments: [descriptor, content, content.length] },
    { call: 'close', arguments: [descriptor] },
  ];
}
