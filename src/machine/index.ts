export { publicKeyOf } from './access/brought-key.ts';
export { attachConsole } from './access/console.ts';
export { copyInto } from './access/copy-into.ts';
export { copyOutOf } from './access/copy-out-of.ts';
export { parseCopy } from './access/location.ts';
export { shell } from './access/shell.ts';
export { engineAddress } from './engine/engine-address.ts';
export { debianEnginePackages } from './engine/engine-setup.ts';
export { readMachine, type Machine } from './life/machine.ts';
export { endedMeanwhile } from './life/ended-meanwhile.ts';
export { connectSettled } from './life/go-on.ts';
export { machineSockets } from './life/sockets.ts';
export { startMachine, type StartedMachine } from './life/start.ts';
export { processesThatName } from './life/process.ts';
export { machineStatus } from './life/status.ts';
export { checkMounts } from './mounts/check-mounts.ts';
export { describeMount, mountTag, parseMounts } from './mounts/mount.ts';
export { describeForward, parseForwards } from './network/forward.ts';
export { isSandboxed } from './command-line/sandbox-words.ts';
export { checkDiskSize } from './definition/disk-size.ts';
export { findDefinition } from './definition/table.ts';
export { obtainTools } from './tools/obtain-tools.ts';
export { withMachine } from './life/with-machine.ts';
export { diskBuses, libvirtDomain } from './libvirt/index.ts';
export {
  cloneMachine,
  findSnapshot,
  listSnapshots,
  removeSnapshot,
  restoreSnapshot,
  saveSnapshot,
  type SnapshotDocument,
} from './snapshot/index.ts';
export { chooseAccelerator } from './accelerator/choose-accelerator.ts';
export { sshCommand } from './access/ssh-command.ts';
export { sshConfig } from './access/ssh-config.ts';
export { obtainDebianImage } from './debian-image/index.ts';
export type { MachineDefinition } from './definition/definition.ts';
export { withoutControls } from './life/console-tail.ts';
export { createMachine, type MachineParts, type MachineRequest } from './life/create.ts';
export { followFile } from './life/follow-file.ts';
export { readTail } from './life/read-tail.ts';
export { listMachines, lookAtMachine, type ListedMachine } from './life/list.ts';
export { checkMachineName } from './life/machine.ts';
export { removeMachine } from './life/remove.ts';
export { pruneMachines, type Pruned, type PruneReport } from './prune/prune.ts';
export type { MergedLayers } from './prune/merge-all.ts';
export { changeMachine, type MachineChange } from './life/change.ts';
export { resizeMachine, type ResizedMachine } from './life/resize.ts';
export { type MachineStatus } from './life/status.ts';
export { stopByForce, stopMachine, type HowStopped, type StoppedMachine } from './life/stop.ts';
export { waitForMachine } from './life/wait.ts';
export { machinesDirectory } from './places.ts';
export { removeTree as removeUnfinishedImage } from './disk/remove-tree.ts';
export { unfinishedImages } from './prune/unfinished-images.ts';
export type { BaseImage, Hardware, MachineRecord, RunningMachine } from './record.ts';
export { isUserName } from './seed/check-options.ts';
export { readCloudConfig } from './seed/read-cloud-config.ts';
export type { Tools } from './tools/tools.ts';
export { obtainCloudImage, refuseWrongDisk } from './image/obtain-cloud-image.ts';
export type { BootProgress } from './readiness/progress.ts';
export { imageFromDisk, type FromDiskOptions, type ImageOfDisk } from './from-disk/index.ts';
export { isContainerReference, obtainContainerDisk } from './container-disk/index.ts';
export { guestState, type GuestState } from './readiness/guest-state.ts';
export { diskStopped } from './life/disk-stopped.ts';
