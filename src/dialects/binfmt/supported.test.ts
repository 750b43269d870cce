import { expect, test } from 'vitest';
import { concatBytes } from '../../core/bytes.ts';
import { readElf } from '../../core/elf.ts';
import { bytesSource } from '../../core/byte-source.ts';
import { buildProbe } from '../../core/probe/probe.ts';
import { encodeUtf8 } from '../../core/text.ts';
import { aarch64Pattern } from '../../registration/testing/registration-host.ts';
import { imageHost, type ImageHost } from '../testing/image-host.ts';
import { statusJson } from './go-json.ts';
import { findSupported, supportedPlatforms } from './supported.ts';
import { levelOfCpuInfo, x86LevelProbe } from './x86-64-level.ts';

const platforms = ({ host }: ImageHost) => supportedPlatforms(host, '/state', findSupported(host, '/state'));
const level2 = 'pni ssse3 cx16 sse4_1 sse4_2 popcnt lahf_lm';
const level3 = 'avx avx2 bmi1 bmi2 f16c fma abm movbe xsave';
const level4 = 'avx512f avx512bw avx512cd avx512dq avx512vl';

test.each<[string, number]>([
  ['', 1],
  [`flags\t\t: fpu ${level2}`, 2],
  [`flags\t\t: fpu ${level2.replace(' lahf_lm', '')}`, 1],
  [`flags\t\t: ${level3} ${level4}`, 1],
  [`flags\t\t: ${level2} ${level3}\nflags\t\t: fpu`, 3],
  [`model\t: 1\nflags\t\t: ${level2} ${level3} ${level4} more\nbugs: x`, 4],
  [`flags\t\t: ${level2} ${level4}`, 2],
])('level of %j is %i', (cpuInfo, level) => {
  expect(levelOfCpuInfo(cpuInfo)).toBe(level);
});

test("an x86-64 machine's levels come right behind it", () => {
  const image = imageHost([]);
  image.host.files.addFile('/proc/cpuinfo', `flags\t\t: ${level2} ${level3}\n`);
  expect(platforms(image)).toEqual(['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v3', 'linux/386']);
});

test.each<[number, readonly string[]]>([
  [66, ['linux/arm64', 'linux/amd64', 'linux/amd64/v2', 'linux/arm/v7', 'linux/arm/v6']],
  [65, ['linux/arm64', 'linux/amd64', 'linux/arm/v7', 'linux/arm/v6']],
  [1, ['linux/arm64', 'linux/amd64', 'linux/arm/v7', 'linux/arm/v6']],
])('an emulator of x86-64 is asked for its level: exit code %i', (code, expected) => {
  const image = imageHost([], {
    system: { machine: 'aarch64' },
    executor: { native: ['aarch64', 'arm'] },
  });
  const emulator = concatBytes([buildProbe('aarch64'), encodeUtf8('emulator')]);
  image.host.files.addFile('/usr/bin/qemu-x86_64', emulator, { mode: 0o755 });
  image.host.executor.addProgram(emulator, ({ program }) => ({
    kind: 'exited',
    code: program.length === x86LevelProbe().length ? code : 42,
  }));
  image.addEntry(
    ':q:M:0:\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x3e\\x00::/usr/bin/qemu-x86_64:F',
  );
  expect(platforms(image)).toEqual(expected);
});

test('an interpreter that other containers do not have makes no platform', () => {
  const image = imageHost(['aarch64']);
  image.addEntry(`:q:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:`);
  expect(platforms(image)).toEqual(['linux/amd64', 'linux/386']);
  image.addEntry(`:r:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:F`);
  expect(platforms(image)).toEqual(['linux/amd64', 'linux/arm64', 'linux/386']);
});

test.each([
  ['armv7l', 'linux/arm/v7'],
  ['armv6l', 'linux/arm/v6'],
  ['armv8l', 'linux/arm/v8'],
  ['s390x', 'linux/s390x'],
  ['loongarch64', 'linux/loong64'],
])('on %s the first is %s', (machine, platform) => {
  expect(platforms(imageHost([], { system: { machine }, executor: { native: [] } }))).toEqual([platform]);
});

test('nowhere to execute from: only what this very program is, and why', () => {
  const { host } = imageHost(['aarch64']);
  host.files.fail({ errno: 'ENOSPC', method: 'makeDirectory' });
  expect(findSupported(host, '/state').untried).toContain('no directory is fit');
});

test('the level probe is a program for x86-64', () => {
  const program = x86LevelProbe();
  expect(readElf(bytesSource(program))).toMatchObject({ machine: 62, linkage: 'static' });
});

test('JSON as Go writes it', () => {
  expect(statusJson(['linux/amd64'], [])).toBe(
    '{\n  "supported": [\n    "linux/amd64"\n  ],\n  "emulators": null\n}',
  );
  expect(statusJson([], ['<a&b>\u2028"\\'])).toBe(
    '{\n  "supported": [],\n  "emulators": [\n    "\\u003ca\\u0026b\\u003e\\u2028\\"\\\\"\n  ]\n}',
  );
});
