import { describe, expect, test } from 'vitest';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import {
  expectSucceeded,
  expectSwiftReboot,
  step,
  troublesOf,
  unregistered,
  works,
} from '../../support/vm/expectations.ts';
import { useMachine } from '../../support/vm/machines.ts';

// What others have brought: a distribution's emulator, and something that is no emulator. Python's rule is there.
const others = `
cp /payload/qemu/qemu-riscv64 /usr/bin/
cp /payload/binfmt.d/qemu-riscv64.conf /usr/lib/binfmt.d/
echo ':wine:M::MZ::/usr/bin/wine:' >/usr/lib/binfmt.d/wine.conf
`;

// Nothing of what the test gave the machine may be what works after the boot.
const withoutNode = `
chmod 0 /usr/bin/node
step unmount umount /payload
`;

const needed = [needs.root, needs.apt, needs.qemu, needs.testUser, needs.systemQemu] as const;

describeWith(needed, 'a machine that systemd-binfmt registers for', () => {
  describe('with /usr/local on a disk of its own', () => {
    const boot = useMachine({
      init: 'systemd',
      kernelParameters: ['systemd.mask=binfmt-support.service'],
      disks: ['local'],
      boots: [
        `
echo 'LABEL=local /usr/local ext4 defaults 0 2' >>/etc/fstab
systemctl daemon-reload
step mount mount /usr/local
${others}
step others systemctl restart systemd-binfmt
step table-before table
step before probe aarch64
step enable anyarch persist enable arm64
step enabled probe aarch64
step restart systemctl restart systemd-binfmt
step restarted probe aarch64
step riscv64 probe riscv64
step status anyarch persist status
step table table
${withoutNode}
again systemctl reboot
`,
        `
step probe probe aarch64
step riscv64 probe riscv64
step table table
step mounted findmnt --noheadings --output SOURCE /usr/local
chmod 755 /usr/bin/node
step disable anyarch persist disable
step restart systemctl restart systemd-binfmt
step restarted probe aarch64
step riscv64-restarted probe riscv64
again systemctl reboot
`,
        `
step probe probe aarch64
step table table
step left find /etc/binfmt.d /etc/systemd /usr/local -name '*anyarch*' -not -name 'anyarch-test*'
`,
      ],
    });

    test('before: nothing foreign runs', () => {
      expectSucceeded(boot(1), 'mount', 'others');
      expect(step(boot(1), 'before')).toMatchObject(unregistered);
      expect(step(boot(1), 'table-before').output).not.toContain('aarch64');
    });

    test('enable makes it run, and again after systemd-binfmt was restarted', () => {
      expectSucceeded(boot(1), 'enable', 'restart', 'status', 'unmount');
      expect(step(boot(1), 'enabled')).toMatchObject(works);
      expect(step(boot(1), 'restarted')).toMatchObject(works);
    });

    test('after a reboot it runs, without node', () => {
      expect(step(boot(2), 'probe')).toMatchObject(works);
      expect(step(boot(2), 'mounted').output).toMatch(/^\/dev\/vd/);
    });

    test('what others brought is there before and after', () => {
      const names = ['== python3.13', '== qemu-riscv64', '== wine'];
      for (const name of names) expect(step(boot(1), 'table-before').output).toContain(name);
      expect(step(boot(1), 'riscv64')).toMatchObject(works);
      expect(step(boot(2), 'riscv64')).toMatchObject(works);
      expect(step(boot(2), 'riscv64-restarted')).toMatchObject(works);
      expect(step(boot(2), 'table').output).toBe(step(boot(1), 'table').output);
    });

    test('the reboot waits for nothing, and /usr/local is unmounted', () => {
      expectSwiftReboot(boot(1));
      expect(boot(1).console).toContain('Unmounted usr-local.mount');
      expect(troublesOf(boot(2))).toEqual([]);
    });

    test('after disable nothing foreign runs any more, now and after a reboot', () => {
      expectSucceeded(boot(2), 'disable', 'restart');
      expect(step(boot(2), 'restarted')).toMatchObject(unregistered);
      expect(step(boot(3), 'probe')).toMatchObject(unregistered);
      expect(step(boot(3), 'table').output).toBe(step(boot(1), 'table-before').output);
      expect(step(boot(3), 'left')).toMatchObject({ exitCode: 0, output: '' });
    });
  });
});

describeWith(needed, 'a machine that has masked systemd-binfmt', () => {
  describe('with /usr/local mounted late', () => {
    const boot = useMachine({
      init: 'systemd',
      kernelParameters: ['systemd.mask=binfmt-support.service'],
      disks: ['local'],
      boots: [
        `
echo 'LABEL=local /usr/local ext4 nofail 0 2' >>/etc/fstab
systemctl daemon-reload
step mount mount /usr/local
step mask systemctl mask --now systemd-binfmt.service
step before probe aarch64
step enable anyarch persist enable arm64
step enabled probe aarch64
step active systemctl is-active --wait anyarch-binfmt.service
step entry cat /proc/sys/fs/binfmt_misc/qemu-aarch64
${withoutNode}
again systemctl reboot
`,
        `
step probe probe aarch64
step entry cat /proc/sys/fs/binfmt_misc/qemu-aarch64
step stop systemctl stop anyarch-binfmt.service
step stopped probe aarch64
step start systemctl start anyarch-binfmt.service
step started probe aarch64
chmod 755 /usr/bin/node
step disable anyarch persist disable --now
step disabled probe aarch64
step left find /etc/binfmt.d /etc/systemd /usr/local -name '*anyarch*' -not -name 'anyarch-test*'
`,
      ],
    });

    test('enable makes it run', () => {
      expectSucceeded(boot(1), 'mount', 'mask', 'enable', 'entry', 'unmount');
      expect(step(boot(1), 'before')).toMatchObject(unregistered);
      expect(step(boot(1), 'enabled')).toMatchObject(works);
      expect(step(boot(1), 'active').output).toBe('active');
    });

    test('after a reboot it runs, without node, and the entry is the same', () => {
      expect(step(boot(2), 'probe')).toMatchObject(works);
      expect(step(boot(2), 'entry')).toMatchObject({
        ...step(boot(1), 'entry'),
        seconds: expect.any(Number) as number,
      });
    });

    test('the reboot waits for nothing, and /usr/local is unmounted', () => {
      expectSwiftReboot(boot(1));
      expect(boot(1).console).toContain('Unmounted usr-local.mount');
      expect(troublesOf(boot(2))).toEqual([]);
    });

    test('without the unit, and after disable, nothing foreign runs', () => {
      expectSucceeded(boot(2), 'stop', 'start', 'disable');
      expect(step(boot(2), 'stopped')).toMatchObject(unregistered);
      expect(step(boot(2), 'started')).toMatchObject(works);
      expect(step(boot(2), 'disabled')).toMatchObject(unregistered);
      expect(step(boot(2), 'left')).toMatchObject({ exitCode: 0, output: '' });
    });
  });
});

describeWith(needed, "a machine that Debian's binfmt-support registers for", () => {
  const boot = useMachine({
    init: 'systemd',
    kernelParameters: ['systemd.mask=systemd-binfmt.service'],
    boots: [
      `
step before probe aarch64
step enable anyarch persist enable --init debian arm64
step enabled probe aarch64
step restart systemctl restart binfmt-support
step restarted probe aarch64
step display update-binfmts --display
step table table
${withoutNode}
again systemctl reboot
`,
      `
step probe probe aarch64
step table table
chmod 755 /usr/bin/node
step disable anyarch persist disable --now
step restart systemctl restart binfmt-support
step disabled probe aarch64
step display update-binfmts --display
step table-after table
`,
    ],
  });

  test('enable makes it run, and again after binfmt-support was restarted', () => {
    expectSucceeded(boot(1), 'enable', 'restart', 'display', 'unmount');
    expect(step(boot(1), 'before')).toMatchObject(unregistered);
    expect(step(boot(1), 'enabled')).toMatchObject(works);
    expect(step(boot(1), 'restarted')).toMatchObject(works);
    expect(step(boot(1), 'display').output).toContain('/usr/local/lib/anyarch/');
  });

  test('after a reboot it runs, without node, and the table is the same', () => {
    expect(step(boot(2), 'probe')).toMatchObject(works);
    expect(step(boot(2), 'table').output).toBe(step(boot(1), 'table').output);
    expectSwiftReboot(boot(1));
    expect(troublesOf(boot(2))).toEqual([]);
  });

  test('after disable nothing foreign runs any more, and python stays', () => {
    expectSucceeded(boot(2), 'disable', 'restart');
    expect(step(boot(2), 'disabled')).toMatchObject(unregistered);
    expect(step(boot(2), 'display').output).not.toContain('anyarch');
    expect(step(boot(2), 'table-after').output).toMatch(/^== python3\.13$/m);
  });
});
