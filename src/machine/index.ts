export { attachConsole } from './access/console.ts';
export { copyInto } from './access/copy-into.ts';
export { copyOutOf } from './access/copy-out-of.ts';
export { parseCopy } from './access/location.ts';
export { makeKeys, publicKeyOf } from './access/keys.ts';
export { runInGuest } from './access/run-in-guest.ts';
export { shell } from './access/shell.ts';
export { engineAddress } from './engine/engine-address.ts';
export { enginePackages } from './engine/engine-setup.ts';
export { readMachine, type Machine } from './life/machine.ts';
export { machineSockets } from './life/sockets.ts';
export { startMachine, type StartedMachine } from './life/start.ts';
export { machineStatus } from './life/status.ts';
export { mountTag, parseMounts } from './mounts/mount.ts';
export { describeForward, parseForwards } from './network/forward.ts';
export { cardAddress } from './network/network-words.ts';
export { connectQmp } from './qmp/client.ts';
export { findDefinition } from './definition/table.ts';
export { obtainTools } from './tools/obtain-tools.ts';
export { withMachineLock } from './life/lock.ts';
export { libvirtDomain, type DiskBus } from './libvirt/index.ts';
export {
  cloneMachine,
  findSnapshot,
  listSnapshots,
  removeSnapshot,
  restoreSnapshot,
  saveSnapshot,
  type SnapshotDocument,
} from './snapshot/index.ts';
