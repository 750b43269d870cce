import { expect, test } from 'vitest';
import { launcherHostOf, launcherHosts } from './find-launcher-host.ts';

test.each([
  ['x86_64', 'x86_64'],
  ['i686', 'i386'],
  ['armv7l', 'arm'],
  ['armv5tel', 'arm'],
  ['aarch64', 'aarch64'],
  ['ppc64le', 'ppc64le'],
  ['s390x', 's390x'],
  ['riscv64', 'riscv64'],
  ['loongarch64', 'loongarch64'],
  ['mips64', 'mips64el'],
])('a machine that calls itself %s gets launchers for %s', (machine, name) => {
  expect(launcherHostOf(machine)?.name).toBe(name);
});

test('there are no launchers for other machines', () => {
  for (const machine of ['', 'ppc64', 'parisc64', 'x86_64 ', 'X86_64', 'toString']) {
    expect(launcherHostOf(machine)).toBeUndefined();
  }
});

test('no two hosts share a machine name', () => {
  const machines = launcherHosts.flatMap((host) => host.machines);
  expect(new Set(machines).size).toBe(machines.length);
});
