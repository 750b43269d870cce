import { describe, expect, it } from 'vitest';
import { deadEnds, findDeadEnd } from './dead-ends.ts';
import { furthestMilestone, isFurther, milestones } from './milestones.ts';

const lines: readonly (readonly [string, string])[] = [
  ['UEFI firmware (version 2025.02-8 built at 14:31:53 on Feb 24 2025)', 'firmware'],
  ['SeaBIOS (version 1.16.3-debian-1.16.3-2)', 'firmware'],
  ['SLOF\u001b[0m **********************************************************************', 'firmware'],
  ['OpenSBI v1.5.1', 'firmware'],
  ['Welcome to GRUB!', 'boot-loader'],
  ["Booting `Debian GNU/Linux'", 'boot-loader'],
  ['[    0.000000] Linux version 6.12.57+deb13-cloud-arm64 (debian-kernel@lists.debian.org)', 'kernel'],
  ['[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x411fd070]', 'kernel'],
  ['[    1.243220] Run /init as init process', 'initramfs'],
  ['Loading, please wait...', 'initramfs'],
  ['[    6.022212] systemd[1]: systemd 257.9-1~deb13u1 running in system mode (+PAM +AUDIT)', 'init'],
  ['Welcome to Debian GNU/Linux 13 (trixie)!', 'init'],
  [
    "[   20.1] cloud-init[300]: Cloud-init v. 25.1.4 running 'init-local' at Sat, 22 Nov 2025",
    'cloud-init-local',
  ],
  [
    "Cloud-init v. 25.1.4 running 'init' at Sat, 22 Nov 2025 09:00:01 +0000. Up 25.05 seconds.",
    'cloud-init-network',
  ],
  ["Cloud-init v. 25.1.4 running 'modules:config' at Sat", 'cloud-init-config'],
  ["Cloud-init v. 25.1.4 running 'modules:final' at Sat", 'cloud-init-final'],
  [
    'Cloud-init v. 25.1.4 finished at Sat, 22 Nov 2025 09:00:30 +0000. Datasource DataSourceNoCloud',
    'cloud-init-finished',
  ],
  ['demo login: ', 'login'],
];

describe('milestones', () => {
  it.each(lines)('%s', (line, name) => {
    expect(furthestMilestone(`first\n${line}\n`)?.name).toBe(name);
  });

  it('are in an order, and the furthest of several counts', () => {
    const text = lines.map(([line]) => line).join('\n');
    expect(furthestMilestone(text)?.name).toBe('cloud-init-finished');
    expect(isFurther('ssh', 'kernel')).toBe(true);
    expect(isFurther('kernel', 'kernel')).toBe(false);
    expect(new Set(milestones.map(({ name }) => name)).size).toBe(milestones.length);
  });

  it('are not seen in what says nothing', () => {
    expect(furthestMilestone('')).toBeUndefined();
    expect(furthestMilestone('last login: never seen\nhello')).toBeUndefined();
  });
});

const ends: readonly (readonly [string, string])[] = [
  ['Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)', 'no-root'],
  ['ALERT!  UUID=0123 does not exist.  Dropping to a shell!', 'no-root'],
  ['Kernel panic - not syncing: System is deadlocked on memory', 'out-of-memory'],
  ['Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000004', 'panic'],
  ['Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100', 'no-init'],
  ['Kernel panic - not syncing: No working init found.  Try passing init= option', 'no-init'],
  ['(initramfs) ', 'initramfs-shell'],
  ['You are in emergency mode. After logging in, type "journalctl -xb"', 'emergency'],
  ['BdsDxe: No bootable option or device was found.', 'nothing-to-boot'],
  ['No bootable device.', 'nothing-to-boot'],
  ['UEFI Interactive Shell v2.2', 'uefi-shell'],
  ['grub rescue> ', 'grub-rescue'],
  ['anyarch: the SSH server ended: Invalid option -D\r\n'.repeat(3), 'ssh-server'],
  ['[   33.1] reboot: Power down', 'stopped-by-itself'],
];

describe('dead ends', () => {
  it.each(ends)('%s', (line, name) => {
    expect(findDeadEnd(`first\n${line}\nmore`)?.end.name).toBe(name);
  });

  it('are each found by something', () => {
    expect(new Set(ends.map(([, name]) => name))).toEqual(new Set(deadEnds.map(({ name }) => name)));
  });

  it('say what the guest said', () => {
    expect(findDeadEnd('Kernel panic - not syncing: Fatal exception\n')?.what).toBe(
      'the kernel panicked: Fatal exception',
    );
  });

  it('are not seen in a boot that goes well', () => {
    expect(findDeadEnd(lines.map(([line]) => line).join('\n'))).toBeUndefined();
  });
});
