#!/bin/sh
# Run by mmdebstrap when the packages are there: $1 is the new root. The machine is to start fast and to do nothing of
# its own, whichever of its inits starts it.
set -e
cd "$1"

echo guest >etc/hostname
echo '/dev/vda / ext4 defaults 0 0' >etc/fstab
# Nothing was configured by hand, so nothing has to be rebuilt at the first boot.
touch etc/.updated var/.updated
: >etc/machine-id

chmod 755 usr/lib/anyarch-test/start.sh

# systemd
cat >etc/systemd/system/anyarch-test.service <<'UNIT'
[Unit]
Description=Tests of anyarch
After=multi-user.target

[Service]
Type=oneshot
ExecStart=/usr/lib/anyarch-test/start.sh
TimeoutStartSec=infinity

[Install]
WantedBy=multi-user.target
UNIT
mkdir -p etc/systemd/system/multi-user.target.wants
ln -s ../anyarch-test.service etc/systemd/system/multi-user.target.wants/anyarch-test.service
ln -sf /usr/lib/systemd/system/multi-user.target etc/systemd/system/default.target
for unit in getty.target dpkg-db-backup.timer fstrim.timer systemd-tmpfiles-clean.timer e2scrub_all.timer \
  systemd-logind.service dbus.service dbus.socket modprobe@drm.service modprobe@fuse.service \
  modprobe@efi_pstore.service modprobe@configfs.service systemd-ask-password-console.path \
  systemd-ask-password-wall.path sys-kernel-debug.mount sys-kernel-tracing.mount dev-hugepages.mount \
  kmod-static-nodes.service systemd-pstore.service systemd-timesyncd.service runit.service; do
  ln -sf /dev/null etc/systemd/system/$unit
done

# sysvinit, which starts OpenRC: no logins, and what follows the runlevel's services
sed -i '/getty/d' etc/inittab
echo 't:2:once:/usr/lib/anyarch-test/start.sh' >>etc/inittab

# runit
mkdir -p etc/sv/anyarch-test
printf '#!/bin/sh\n/usr/lib/anyarch-test/start.sh\nexec tail -f /dev/null\n' >etc/sv/anyarch-test/run
chmod 755 etc/sv/anyarch-test/run
ln -s /etc/sv/anyarch-test etc/runit/runsvdir/default/anyarch-test
rm -f etc/runit/runsvdir/default/getty-*
