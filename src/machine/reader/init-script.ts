/** Names of the serial ports by which the helper talks to us, in this order. */
export const readerPorts = { archive: 1, report: 2 } as const;

/** Drivers of disks and of these ports; those that are missing are passed over. The kernel itself asks for those of file systems. */
const modules = 'virtio_pci virtio_mmio virtio_ccw virtio_blk virtio_console dm_mod';

/** What a running system makes anew, or that is of the machine and not of the system. */
const leftOut = ['dev', 'proc', 'run', 'sys', 'tmp', 'var/tmp', 'lost+found'].map((name) => `./${name}/*`);
const leftOutFiles = ['./swapfile', './swap.img'];

/**
 * The first program of the helper: finds the root of the system on /dev/vda, mounts what its fstab names, and writes it all as a tar.
 * Reports lines of words between tabs: `root DEVICE TYPE SUBVOLUME`, `candidate …`, `mounted`, `missing`, `device DEVICE TYPE`,
 * `said TEXT`, and at last `done CODE`.
 *
 * The disk is mounted read-only; journals are replayed into an overlay that is thrown away.
 */
export function initScript(): string {
  return `#!/usr/bin/busybox sh
/usr/bin/busybox mkdir -p /applets /proc /sys /dev /run/lock /tmp /part /root /etc/lvm /var
/usr/bin/busybox --install -s /applets
export PATH=/usr/bin:/usr/sbin:/applets
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in ${modules}; do /usr/sbin/modprobe -q "$module"; done
option() { sed -n "s/.*anyarch\\.$1=\\([^ ]*\\).*/\\1/p" /proc/cmdline; }
wanted=$(option partition)
port() { for one in /dev/vport*p"$1"; do [ -c "$one" ] && echo "$one"; done; }
turn=0
while [ -z "$(port ${readerPorts.report})" ] || [ ! -b /dev/vda ]; do
  turn=$((turn + 1)); [ $turn -gt 300 ] && { echo 'anyarch: no disk or no port'; poweroff -f; }
  sleep 0.1
done
exec 3>"$(port ${readerPorts.report})"
say() { IFS='	'; echo "$*" >&3; unset IFS; }
finish() { say "done" "$1"; exec 3>&-; sync; poweroff -f; sleep 1000; }
is_root() {
  [ -d "$1/etc" ] || return 1
  for sign in etc/os-release usr/lib/os-release bin/sh usr/bin/sh sbin/init; do
    [ -e "$1/$sign" ] || [ -L "$1/$sign" ] && return 0
  done
  return 1
}
type_of() { /usr/sbin/blkid -p -o value -s TYPE "$1" 2>/dev/null; }
for one in /dev/vda*; do [ "$(type_of "$one")" = LVM2_member ] && volumes=1; done
if [ -n "$volumes" ]; then
  /usr/sbin/lvm vgchange -ay --config 'activation{udev_sync=0 udev_rules=0} devices{obtain_device_list_from_udev=0} global{event_activation=0}' >/tmp/lvm 2>&1
  /usr/sbin/lvm vgscan --mknodes --config 'activation{udev_sync=0 udev_rules=0} devices{obtain_device_list_from_udev=0}' >/dev/null 2>&1
fi
attach() { # device type options place
  case $2 in xfs) extra=,nouuid;; *) extra=;; esac
  mkdir -p "$4" && mount -t "$2" -o "ro$extra\${3:+,$3}" "$1" "$4" 2>>/tmp/mount
}
devices=
for path in /sys/class/block/vda*; do
  name=\${path##*/}
  # The whole disk only where it has no partitions.
  [ "$name" = vda ] && [ -n "$(ls -d /sys/class/block/vda?* 2>/dev/null)" ] && continue
  devices="$devices /dev/$name"
done
for one in /dev/mapper/*; do [ -b "$one" ] && devices="$devices $one"; done
count=0
found=
for device in $devices; do
  type=$(type_of "$device")
  say device "$device" "\${type:--}"
  case $type in ext2|ext3|ext4|xfs|btrfs|f2fs) ;; *) continue;; esac
  [ -n "$wanted" ] && [ "$device" != "/dev/vda$wanted" ] && [ "$device" != "/dev/mapper/$wanted" ] && continue
  attach "$device" "$type" '' /part || { say said "$(tail -n 1 /tmp/mount)"; continue; }
  sub=-
  good=
  if is_root /part; then good=1
  elif [ "$type" = btrfs ]; then
    umount /part
    attach "$device" btrfs subvolid=5 /part
    for name in @ root @rootfs @root; do
      [ -z "$good" ] && is_root "/part/$name" && { good=1; sub=$name; }
    done
  fi
  umount /part
  [ -z "$good" ] && continue
  count=$((count + 1))
  say candidate "$device" "$type" "$sub"
  [ -z "$found" ] && { found=$device; kind=$type; volume=$sub; }
done
[ $count -eq 0 ] && finish 3
[ $count -gt 1 ] && finish 4
[ "$volume" = - ] && choice= || choice=subvol=$volume
attach "$found" "$kind" "$choice" /root || finish 5
say root "$found" "$kind" "$volume"
resolve() {
  case $1 in
    UUID=*|LABEL=*|PARTUUID=*|PARTLABEL=*) /usr/sbin/blkid -l -o device -t "$(echo "$1" | tr -d '"')";;
    /dev/disk/by-uuid/*) /usr/sbin/blkid -l -o device -t "UUID=\${1##*/}";;
    /dev/disk/by-label/*) /usr/sbin/blkid -l -o device -t "LABEL=\${1##*/}";;
    /dev/disk/by-partuuid/*) /usr/sbin/blkid -l -o device -t "PARTUUID=\${1##*/}";;
    /dev/mapper/*) [ -b "$1" ] && echo "$1";;
    # Disks are called otherwise here; the number of the partition stays.
    /dev/[svh]d[a-z][0-9]*|/dev/nvme*n*p[0-9]*|/dev/mmcblk*p[0-9]*) n=$(echo "$1" | sed 's/.*[a-z]\\([0-9]*\\)$/\\1/'); [ -b "/dev/vda$n" ] && echo "/dev/vda$n";;
  esac
}
if [ -f /root/etc/fstab ]; then
  while read -r what where type options rest; do
    case $what in ''|\\#*) continue;; esac
    case $where in /|none|swap) continue;; /*) ;; *) continue;; esac
    case $type in ext2|ext3|ext4|xfs|btrfs|f2fs|vfat|auto) ;; *) continue;; esac
    device=$(resolve "$what")
    real=\${device:+$(type_of "$device")}
    volume=$(echo ",$options," | sed -n 's/.*,\\(subvol[id]*=[^,]*\\),.*/\\1/p')
    if [ -n "$real" ] && [ -d "/root$where" ] && attach "$device" "$real" "$volume" "/root$where"; then say mounted "$device" "$real" "$where"
    else say missing "$what" "$type" "$where"; fi
  done </root/etc/fstab
fi
cat >/tmp/without <<'END'
${[...leftOut, ...leftOutFiles].join('\n')}
END
/usr/bin/tar --create --format=posix --pax-option=delete=atime,delete=ctime --numeric-owner --sort=name \\
  --xattrs --xattrs-include='security.capability' --xattrs-include='user.*' --xattrs-include='system.posix_acl_*' \\
  --anchored --exclude-from=/tmp/without -C /root . >"$(port ${readerPorts.archive})" 2>/tmp/tar
code=$?
grep -v 'socket ignored' /tmp/tar | tail -n 20 | while read -r line; do say said "$line"; done
[ $code -le 1 ] && finish 0
finish 6
`;
}
