import { fields, listOf, ofType, oneOf, type Shape } from '../../core/document-shape.ts';

const text = ofType('string');
const number = ofType('number');

/** Paths of records are given to programs and removed: none may be taken for anything else. */
const absolute: Shape = (value, at) => (typeof value === 'string' && value.startsWith('/') ? undefined : at);

const firmwareBoot = fields({ kind: oneOf('firmware') });
const kernelBoot = fields({
  kind: oneOf('kernel'),
  kernel: absolute,
  'initrd?': absolute,
  'deviceTree?': absolute,
  parameters: text,
});

const mountShape = fields({
  source: absolute,
  target: absolute,
  isReadOnly: ofType('boolean'),
  'number?': number,
});

/** Of `MachineRecord`. */
export const machineShape = fields({
  schema: oneOf('anyarch/machine/1'),
  name: text,
  definition: text,
  createdMs: number,
  id: text,
  hardware: fields({
    cpus: number,
    memoryMiB: number,
    'cpu?': text,
    accelerator: oneOf('tcg', 'kvm'),
    'qemu?': text,
    words: listOf(text),
  }),
  base: fields({
    file: absolute,
    format: oneOf('qcow2', 'raw'),
    sha256: text,
    bytes: number,
    origin: text,
    boot: (value, at) => (firmwareBoot(value, at) === undefined ? undefined : kernelBoot(value, at)),
    cloudInit: oneOf('yes', 'no', 'unknown'),
  }),
  diskBytes: number,
  access: fields({ user: text, key: absolute, 'hasPassword?': ofType('boolean') }),
  forwards: listOf(
    fields({ protocol: oneOf('tcp', 'udp'), address: text, hostPort: number, guestPort: number }),
  ),
  mounts: listOf(mountShape),
  'pastMounts?': listOf(mountShape),
  'engine?': oneOf('docker', 'podman'),
});

/** Of `RunningMachine`. */
export const runningShape = fields({
  schema: oneOf('anyarch/running-machine/1'),
  pid: number,
  startTicks: number,
  bootId: text,
  startedMs: number,
  sockets: absolute,
  sshPort: number,
  qemu: fields({ version: text, sha256: text }),
  command: listOf(text),
  start: oneOf('cold', 'state'),
  'readyMs?': number,
  'consoleFrom?': number,
  'messagesFrom?': number,
});
