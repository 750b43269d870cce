import { defineCommand } from '../command.ts';

export const machineXml = defineCommand({
  name: 'machine xml',
  summary: 'print a machine as a domain of libvirt, for virsh and virt-manager',
  description: `Prints the description of a virtual machine that libvirt takes: with UEFI, the machine's disk and its seed in a CD drive. Use
the disk with one of both at a time; libvirt changes what saved states and snapshots of anyarch rely on only when it writes to the
disk, and anyarch notices. What root prints is for libvirt's daemon of the system, which then runs QEMU as root, as anyarch does, and leaves
the files to root; what others print is for that of the session (qemu:///session).`,
  positionals: [{ name: 'NAME', help: 'the machine', required: true, complete: 'machine' }],
  options: {
    network: {
      type: 'string',
      value: 'NAME',
      help: 'network of libvirt, such as default; default: user, without privilege',
    },
    'disk-bus': {
      type: 'string',
      choices: ['virtio', 'scsi', 'sata', 'usb', 'sd'],
      help: 'how the disk is attached; default: virtio',
    },
    emulator: {
      type: 'string',
      value: 'PATH',
      help: "QEMU to start; default: libvirt's own",
      complete: 'file',
    },
  },
  examples: [
    {
      command: 'anyarch machine xml demo',
      does: 'into a file, for: virsh define FILE; then open virt-manager',
    },
    {
      command: 'anyarch machine xml demo --network default',
      does: "on libvirt's network, with an address of its own",
    },
  ],
});
