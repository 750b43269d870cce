import type { MachineRecord, RunningMachine } from '../../record.ts';

export const exampleRecord: MachineRecord = {
  schema: 'anyarch/machine/1',
  name: 'demo',
  definition: 'arm64',
  createdMs: 1,
  id: '785dc104-07ba-4be7-bc62-31933800fcc3',
  hardware: { cpus: 2, memoryMiB: 1024, accelerator: 'tcg', words: [] },
  base: {
    file: '/images/a.qcow2',
    format: 'qcow2',
    sha256: 'ab',
    bytes: 2 ** 30,
    origin: 'Debian trixie',
    boot: { kind: 'kernel', kernel: '/images/vmlinuz', initrd: '/images/initrd', parameters: '' },
    cloudInit: 'yes',
  },
  diskBytes: 2 ** 30,
  access: { user: 'debian', key: '/keys/id' },
  forwards: [{ protocol: 'tcp', address: '127.0.0.1', hostPort: 8080, guestPort: 80 }],
  mounts: [],
};

export const exampleRunning: RunningMachine = {
  schema: 'anyarch/running-machine/1',
  pid: 4000,
  startTicks: 777,
  bootId: '6f6b1a0e-62f9-4b7e-a8a7-3d2f5c0e9b11',
  startedMs: 1,
  sockets: '/tmp/anyarch-0/m/785dc104',
  sshPort: 2222,
  qemu: { version: '10.0.13', sha256: 'cd' },
  command: ['qemu', '-a', 'b', '-c', 'd', '-e', '/tmp/anyarch-0/m/785dc104/qmp'],
  start: 'cold',
};
