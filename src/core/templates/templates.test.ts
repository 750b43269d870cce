import fc from 'fast-check';
import { expect, test } from 'vitest';
import recorded from '../../../test/data/debian-binfmt-11.1.json' with { type: 'json' };
import { architectures } from '../architecture.ts';
import { toHex } from '../hex.ts';
import { parseRule } from '../rule.ts';
import { debianTemplate } from './debian.ts';
import { scriptTargets, scriptTargetsFor, type ScriptTarget } from './script-target.ts';
import { systemdTemplate } from './systemd.ts';
import type { TemplateOptions } from './template.ts';

const options: TemplateOptions = {
  interpreter: '/usr/bin/qemu-aarch64-static',
  credentials: false,
  fixBinary: false,
  preserveArgv0: false,
};

const target = (name: string): ScriptTarget => scriptTargets.find((one) => one.name === name)!;

test('the file for systemd, as the script writes it', () => {
  expect(systemdTemplate(target('aarch64'), options)).toEqual({
    fileName: 'qemu-aarch64.conf',
    text:
      String.raw`:qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00` +
      String.raw`:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff` +
      ':/usr/bin/qemu-aarch64-static:\n',
  });
});

test('the template for update-binfmts, as the script writes it', () => {
  expect(
    debianTemplate(target('hppa'), { ...options, interpreter: '/usr/bin/qemu-hppa', fixBinary: true }),
  ).toEqual({
    fileName: 'qemu-hppa',
    text: String.raw`package qemu-hppa
interpreter /usr/bin/qemu-hppa
magic \x7f\x45\x4c\x46\x01\x02\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x0f
mask \xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff
credentials no
preserve no
fix_binary yes
`,
  });
});

test.each([
  [{}, ''],
  [{ fixBinary: true }, 'F'],
  [{ credentials: true }, 'OC'],
  [{ preserveArgv0: true }, 'P'],
  [{ credentials: true, fixBinary: true, preserveArgv0: true }, 'OCFP'],
])('flags of %j', (changes, flags) => {
  expect(
    systemdTemplate(target('arm'), { ...options, ...changes })
      .text.split(':')
      .at(-1),
  ).toBe(`${flags}\n`);
});

test('the script has a target for every architecture, and a second one for i386', () => {
  expect(scriptTargets.map(({ name }) => name).toSorted()).toEqual(
    [...architectures.map(({ name }) => name), 'i486'].toSorted(),
  );
});

test("patterns take what Debian's take, whatever the OS ABI", () => {
  for (const { name, magic, mask } of recorded.rules) {
    const found = target(name.replace('qemu-', ''));
    expect(toHex(found.magic)).toBe(magic);
    // Every bit that counts in the script's mask counts in Debian's.
    expect(
      toHex(
        found.mask.map((byte, index) => byte & Number.parseInt(mask.slice(2 * index, 2 * index + 2), 16)),
      ),
    ).toBe(toHex(found.mask));
  }
});

test.each([
  ['x86_64', false, ['i386', 'i486', 'x86_64']],
  ['x86_64', true, ['x86_64']],
  ['amd64', true, ['x86_64']],
  ['i686', true, ['i386', 'i486']],
  ['aarch64', false, ['arm', 'aarch64']],
  ['armv4tl', true, ['arm']],
  ['armv7b', false, ['armeb', 'aarch64_be']],
  ['ppc64le', false, ['ppc64le']],
  ['riscv64', true, ['riscv64']],
])('leaves out on %s, ignoring families: %s', (machine, ignoreFamily, left) => {
  const chosen = scriptTargetsFor(machine, ignoreFamily);
  expect(scriptTargets.filter((one) => chosen?.includes(one) === false).map(({ name }) => name)).toEqual(
    left,
  );
});

test('an unknown machine has no targets', () => {
  expect(scriptTargetsFor('vax', false)).toBeUndefined();
});

test('the kernel reads from the file for systemd what was meant', () => {
  const path = fc.string({
    unit: fc.constantFrom('a', '/', ':', ',', ';', ' ', '\\', 'x'),
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.constantFrom(...scriptTargets), path, (one, interpreter) => {
      const rule = parseRule(systemdTemplate(one, { ...options, interpreter }).text);
      expect(rule).toMatchObject({ name: `qemu-${one.name}`, interpreter, offset: 0 });
      expect([rule.magic, rule.mask]).toEqual([one.magic, one.mask]);
    }),
  );
});

test.each([systemdTemplate, debianTemplate])('a line break in a path cannot be written', (write) => {
  expect(() => write(target('arm'), { ...options, interpreter: 'a\nb' })).toThrowWithCode(
    'ANYARCH_RULE_INVALID',
  );
});
