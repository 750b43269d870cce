import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { TinyKernel } from './kernel.ts';

/** What a tiny machine says before it ends. */
export const tinyMark = 'anyarch-tiny:';

/** Drivers find their devices on their own time, which is long where many want the processors. */
const init = (devices: readonly string[]) => `#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sysfs /sys
for module in /modules/*.ko; do /bin/busybox insmod $module; done
tries=0
there() { /bin/busybox test -e /sys/class/net/eth0 && { /bin/busybox test -e /sys/block/vdb || /bin/busybox test -e /sys/block/sda; }; }
until there || /bin/busybox test $tries = 60; do /bin/busybox sleep 1; tries=$((tries + 1)); done
/bin/busybox sleep 1
for device in ${devices.join(' ')}; do
  tries=0
  until [ -e /sys/class/$device ] || [ $tries = 60 ]; do /bin/busybox sleep 1; tries=$((tries + 1)); done
done
# The kernel's messages, of a link that is up for example, would come into the middle of a line.
/bin/busybox dmesg -n 1
echo "${tinyMark} machine $(/bin/busybox uname -m)"
for disk in /sys/block/*; do echo "${tinyMark} disk $(/bin/busybox basename $disk) $(/bin/busybox cat $disk/size) $(/bin/busybox cat $disk/ro)"; done
for card in /sys/class/net/*; do
  name=$(/bin/busybox basename $card)
  echo "${tinyMark} card $name"
  /bin/busybox ip link set $name up && echo "${tinyMark} up $name"
done
echo "${tinyMark} end"
/bin/busybox dmesg -n 7
/bin/busybox poweroff -f
/bin/busybox sleep 3600
`;

/**
 * A cpio archive (newc, Documentation/driver-api/early-userspace/buffer-format.rst) with busybox, drivers and a first process.
 *
 * @param devices below /sys/class, that are waited for
 */
export function tinyInitramfs(
  { busybox, modules }: Pick<TinyKernel, 'busybox' | 'modules'>,
  devices: readonly string[],
): Buffer {
  const directories = ['bin', 'dev', 'modules', 'proc', 'sys'].map((name) => member(name, 0o040755));
  const files = modules.map((file) => member(`modules/${basename(file)}`, 0o100644, readFileSync(file)));
  return Buffer.concat([
    ...directories,
    member('bin/busybox', 0o100755, readFileSync(busybox)),
    ...files,
    member('init', 0o100755, Buffer.from(init(devices))),
    member('TRAILER!!!', 0),
  ]);
}

let inode = 0;

function member(name: string, mode: number, content: Uint8Array = new Uint8Array()): Buffer {
  inode += 1;
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, 0, 0, name.length + 1, 0];
  const header = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([padded(Buffer.from(header)), padded(content)]);
}

function padded(bytes: Uint8Array): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
