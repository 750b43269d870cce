import { defineCommand } from '../command.ts';

export const imageFromDisk = defineCommand({
  name: 'image from-disk',
  summary: "make a container image of the system on a virtual machine's disk",
  description: `Reads a qcow2 or raw disk in a small machine with a kernel of its own, without root and without mounting anything here:
partitions, ext4, xfs, btrfs (also in subvolumes), f2fs and logical volumes, and what the system's fstab mounts from the same disk. All
files become one layer, with owners, modes and extended attributes; what is made anew at each start (/dev, /proc, /run, /sys, /tmp) is
left out. The image's architecture is that of its programs. The disk is not written to.`,
  positionals: [{ name: 'DISK', help: 'a qcow2 or raw disk', required: true, complete: 'file' }],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'PATH',
      help: 'directory (oci) or file (archives) to write; must not exist',
      complete: 'file',
    },
    format: {
      type: 'string',
      value: 'FORMAT',
      help: 'default: oci-archive; docker load takes docker-archive',
      choices: ['oci', 'oci-archive', 'docker-archive'],
    },
    name: {
      type: 'string',
      value: 'NAME',
      help: "what engines call the image; default: localhost/ and the disk's name",
    },
    partition: {
      type: 'string',
      value: 'PARTITION',
      help: 'its number, or the name of a logical volume, where there are several systems',
    },
    compression: {
      type: 'string',
      value: 'NAME',
      help: 'of the layer; default: gzip',
      choices: ['gzip', 'none'],
    },
    mirror: { type: 'string', value: 'URL', help: 'Debian mirror that the helper is fetched from, once' },
    'no-fetch': { type: 'boolean', help: 'fetch nothing' },
  },
  examples: [
    {
      command: 'anyarch image from-disk disk.qcow2 --format docker-archive -o system.tar',
      does: 'what docker load and podman load read',
    },
    {
      command: 'anyarch image from-disk disk.qcow2 -o system.oci',
      does: 'for "anyarch run --image oci-archive:system.oci", which needs no engine',
    },
  ],
});
