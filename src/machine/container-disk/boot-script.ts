import { shellWord } from '../../core/shell-word.ts';

/** Directory of ours in the image's root: what it takes to be a machine. */
export const ownDirectory = '.anyarch';
/** In the guest: the init that goes on, an empty line where the image has none. */
export const initNote = '/run/anyarch-init';

const modules =
  'virtio_pci virtio_mmio virtio_ccw virtio_blk virtio_net e1000 virtio_rng virtio_console af_packet ext4 cdrom isofs nls_utf8 virtiofs fuse overlay';

/**
 * The first program, in memory: brings up the disk and the network, copies what the seed says into the image's root and goes on
 * there. Lines beginning with `anyarch:` are for people who read the console.
 */
export function bootScript(): string {
  return `#!/usr/bin/busybox sh
/usr/bin/busybox mkdir -p /applets /proc /sys /dev /tmp /seed /new
/usr/bin/busybox --install -s /applets
export PATH=/usr/bin:/usr/sbin:/applets
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
for module in ${modules}; do /usr/sbin/modprobe -q "$module"; done
fail() { echo "anyarch: $1"; sleep 2; poweroff -f; sleep 1000; }
find_disk() { for one in /dev/vd? /dev/sd?; do [ -b "$one" ] && [ "$(blkid_of "$one" LABEL)" = "$1" ] && { echo "$one"; return; }; done; }
blkid_of() { /usr/sbin/blkid -p -o value -s "$2" "$1" 2>/dev/null; }
turn=0
while disk=$(find_disk anyarch-root); [ -z "$disk" ]; do
  turn=$((turn + 1)); [ $turn -gt 300 ] && fail 'there is no disk with the root file system'
  sleep 0.1
done
echo 'anyarch: root file system found'
/usr/sbin/e2fsck -p "$disk" >/dev/null 2>&1
mount -t ext4 "$disk" /new || fail 'the root file system cannot be mounted'
# The machine's disk may be larger than the image's.
/usr/sbin/resize2fs "$disk" >/dev/null 2>&1
seed=$(find_disk cidata)
[ -n "$seed" ] && mount -t iso9660 -o ro "$seed" /seed || echo 'anyarch: there is no seed: nobody can log in'
own=/new/${ownDirectory}
value() { head -n 1 "/seed/anyarch/$1" 2>/dev/null; }
mkdir -p $own/state
for name in user hostname authorized_keys mounts ssh_host_ed25519_key; do
  [ -f "/seed/anyarch/$name" ] && { rm -f "$own/state/$name"; cp "/seed/anyarch/$name" "$own/state/$name"; chmod 600 "$own/state/$name"; }
done
umount /seed 2>/dev/null
for dir in proc sys dev run tmp etc; do [ -d "/new/$dir" ] || mkdir "/new/$dir"; done
name=$(cat $own/state/hostname 2>/dev/null)
[ -n "$name" ] && { hostname "$name"; echo "$name" >/new/etc/hostname; }
umount /proc /sys
mount -o move /dev /new/dev
echo 'anyarch: going on in the image'
exec /applets/switch_root /new /${ownDirectory}/bin/busybox sh /${ownDirectory}/start
`;
}

/**
 * What runs as the first process of the image: network, logins, mounts; then the image's own init where it has one that is made for
 * whole systems, else this one waits. The user of the seed is root under another name, as in a container.
 */
export function startScript(): string {
  return `own=/${ownDirectory}
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$own/applets
box=$own/bin/busybox
[ -d $own/applets ] || { $box mkdir $own/applets; $box --install -s $own/applets; }
$box mount -t proc proc /proc
$box mount -t sysfs sys /sys
$box mount -t tmpfs -o mode=755,nosuid,nodev tmpfs /run
$box mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs /tmp
$box mkdir -p /dev/pts /dev/shm
$box mount -t devpts -o gid=5,mode=620 devpts /dev/pts
$box mount -t tmpfs -o mode=1777 tmpfs /dev/shm
$box mount -t cgroup2 cgroup2 /sys/fs/cgroup 2>/dev/null
$box sysctl -q -w net.ipv4.ping_group_range='0 2147483647' 2>/dev/null
$box ip link set lo up
for path in /sys/class/net/*; do
  card=\${path##*/}
  [ "$card" = lo ] && continue
  # QEMU's own network (-netdev user) has these addresses for its first guest.
  $box ip link set "$card" up
  $box ip addr add 10.0.2.15/24 dev "$card"
  $box ip route add default via 10.0.2.2
  break
done
# Engines lay files of their own over these two: an image has what the host had on which it was made, or nothing.
if [ ! -s /etc/resolv.conf ] || { [ ! -L /etc/resolv.conf ] && [ ! -e $own/state/prepared ]; }; then
  $box rm -f /etc/resolv.conf
  echo 'nameserver 10.0.2.3' >/etc/resolv.conf
fi
[ -s /etc/hosts ] || printf '127.0.0.1 localhost\\n::1 localhost\\n' >/etc/hosts
name=$($box cat $own/state/hostname 2>/dev/null)
[ -z "$name" ] || [ -e $own/state/prepared ] || $box grep -qw "$name" /etc/hosts || echo "127.0.1.1 $name" >>/etc/hosts
: >$own/state/prepared
user=$($box cat $own/state/user 2>/dev/null)
shell=/bin/sh
[ -x /bin/bash ] && shell=/bin/bash
[ -x $shell ] || shell=$own/applets/sh
entry() { $box grep -q "^$1:" /etc/passwd 2>/dev/null; }
$box mkdir -p /root
entry root || echo "root:x:0:0:root:/root:$shell" >>/etc/passwd
[ -n "$user" ] && ! entry "$user" && echo "$user:x:0:0:root:/root:$own/shell" >>/etc/passwd
[ -e /etc/group ] || echo 'root:x:0:' >/etc/group
for one in $shell $own/shell $own/applets/sh; do $box grep -qx "$one" /etc/shells 2>/dev/null || echo "$one" >>/etc/shells; done
# Beside the homes, whose owners and modes are the image's: an SSH server believes no file in a home of somebody else's.
logins=/run/anyarch-logins
$box mkdir -m 755 $logins
[ -s $own/state/authorized_keys ] && $box cp $own/state/authorized_keys $logins/authorized_keys && $box chmod 644 $logins/authorized_keys
key=$own/state/dropbear_host_key
$box rm -f $key
LD_LIBRARY_PATH=$own/lib $own/bin/dropbearconvert openssh dropbear $own/state/ssh_host_ed25519_key $key >/dev/null 2>&1 ||
  LD_LIBRARY_PATH=$own/lib $own/bin/dropbearkey -t ed25519 -f $key >/dev/null 2>&1
tab=$($box printf '\\t')
if [ -f $own/state/mounts ]; then
  while IFS=$tab read -r tag target mode; do
    [ -n "$target" ] || continue
    $box mkdir -p "$target"
    $box mount -t virtiofs -o "$mode" "$tag" "$target" || echo "anyarch: $target could not be mounted"
  done <$own/state/mounts
fi
init=
for one in /lib/systemd/systemd /usr/lib/systemd/systemd; do [ -x $one ] && init=$one && break; done
[ -z "$init" ] && [ -x /sbin/openrc ] && [ -x /sbin/init ] && init=/sbin/init
echo "$init" >${initNote}
elsewhere="-D $logins"
if ! LD_LIBRARY_PATH=$own/lib $own/bin/dropbear -h 2>&1 | $box grep -q '^-D'; then
  # Debian 12's, which looks into the home and nowhere else.
  elsewhere=
  home=$($box grep "^\${user:-root}:" /etc/passwd | $box cut -d: -f6)
  $box mkdir -p -m 700 "$home/.ssh"
  $box mount -o bind $logins "$home/.ssh"
fi
serve() {
  while :; do
    LD_LIBRARY_PATH=$own/lib $own/bin/dropbear -F -E -s $elsewhere -r $key -P /run/anyarch-dropbear.pid 2>/run/anyarch-dropbear.log
    echo "anyarch: the SSH server ended: $($box grep -m 1 '^Invalid' /run/anyarch-dropbear.log || $box tail -n 1 /run/anyarch-dropbear.log)"
    $box sleep 1
  done
}
serve &
echo 'anyarch: logins by SSH are open'
[ -n "$init" ] && exec $init
finish() {
  echo 'anyarch: stopping'
  trap '' TERM USR1 USR2 INT
  $box kill -TERM -1 2>/dev/null
  $box sleep 1
  $box kill -KILL -1 2>/dev/null
  $box sync
  $box mount -o remount,ro /
  $box "$1" -f
}
trap 'finish poweroff' TERM USR2
trap 'finish halt' USR1
trap 'finish reboot' INT
while :; do $box sleep 3600 & wait $!; done
`;
}

/**
 * What the seed's user logs in to: the shell of the image, with the image's environment, as the first program of a container gets it.
 * HOME stays the user's.
 *
 * @param environment `K=V`
 */
export function shellScript(environment: readonly string[]): string {
  const lines = environment.flatMap((one) => {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(one) ?? [];
    return name === undefined || value === undefined || name === 'HOME'
      ? []
      : [`export ${name}=${shellWord(value)}`];
  });
  return `#!/${ownDirectory}/bin/busybox sh
${lines.map((line) => `${line}\n`).join('')}for one in /bin/bash /bin/sh /${ownDirectory}/applets/sh; do
  [ -x $one ] && exec $one "$@"
done
`;
}
