import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeFiles } from '../../src/host/node/node-files.ts';
import type { Files } from '../../src/host/files.ts';
import { tableAfterBoot } from '../../src/persistence/order/after-boot.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivatePlace, type PrivatePlace } from '../support/persistence/private-place.ts';

const systemdBinfmt = '/usr/lib/systemd/systemd-binfmt';
const directories = ['/etc/binfmt.d', '/usr/lib/binfmt.d'];

let place: PrivatePlace;

beforeAll(async () => {
  place = await openPrivatePlace();
});
afterAll(() => place.close());

/** The machine's files with the place's own directories. */
function filesInside(): Files {
  const files = nodeFiles;
  const inside = (path: string) =>
    directories.some((one) => path === one || path.startsWith(`${one}/`)) ? place.outside(path) : path;
  return {
    ...files,
    list: (path) => (path.endsWith('binfmt.d') && inside(path) === path ? [] : files.list(inside(path))),
    read: (path) => files.read(inside(path)),
    status: (path) => files.status(inside(path)),
  };
}

const often = <T>(usual: readonly T[], strange: readonly T[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...strange) },
  );
const delimiter = often([':', ','], [';', '#', ' ', 'F']);
const name = often(['a', 'b', 'c', 'd'], ['register', 'status', '.', 'a/b', '', 'ä', 'x'.repeat(256)]);
const type = often(['M'], ['E', 'X']);
const interpreter = often(['/usr/bin/true'], ['/nowhere', '/usr', 'true', '']);
const flags = often(['', 'F', 'PF', 'OC'], ['Z', 'FF']);
const rule = fc
  .tuple(delimiter, name, type, interpreter, flags)
  .map(([d, entry, letter, path, letters]) =>
    [d, entry, d, letter, d, d, 'BC', d, d, path, d, letters].join(''),
  );
const blank = often(['', ' ', '\t'], ['\v', '\u{feff}', '\u{a0}']);
const noise = fc.constantFrom(
  '# comment',
  '; comment',
  ':',
  ':a',
  ':a:M',
  '::',
  'aaa',
  ':b:M::BC::/usr/bin/true',
);
const line = fc
  .tuple(blank, fc.oneof({ weight: 4, arbitrary: rule }, noise), blank)
  .map((parts) => parts.join(''));
const end = often(['\n'], ['\r\n', '\r', '\0', '\n\n']);
const content = fc
  .tuple(fc.array(fc.tuple(line, end), { maxLength: 4 }), fc.boolean())
  .map(([lines, isCut]) =>
    lines
      .flat()
      .slice(0, isCut ? -1 : undefined)
      .join(''),
  );
const fileName = fc.constantFrom('a.conf', 'b.conf', 'Z.conf', '.x.conf', 'a.conf~', 'ä.conf', 'c');
const configuration = fc.uniqueArray(fc.tuple(fc.constantFrom(...directories), fileName, content), {
  maxLength: 5,
  selector: ([directory, file]) => `${directory}/${file}`,
});

describeWith([needs.root, needs.systemdBinfmt], 'the table that a boot is said to lead to', () => {
  test('is the one that systemd-binfmt makes', { timeout: 60_000 }, () => {
    let entries = 0;
    fc.assert(
      fc.property(configuration, (files) => {
        for (const [directory, file, text] of files)
          writeFileSync(join(place.outside(directory), file), text);
        try {
          place.run([systemdBinfmt, '--unregister']);
          place.run([systemdBinfmt]);
          const real = place.table.host.binfmt.table().list();
          const said = tableAfterBoot(
            { files: filesInside() },
            { init: 'systemd', systemd: { hasBinfmt: true }, hasFormats: false, hasOwn: false },
          );
          entries += real.length;
          expect(said.map(({ rule: { name: entry } }) => entry)).toEqual(real);
        } finally {
          for (const [directory, file] of files) rmSync(join(place.outside(directory), file));
        }
      }),
      { numRuns: 300, interruptAfterTimeLimit: 30_000, markInterruptAsFailure: false },
    );
    // Else everything would be refused, and nothing compared.
    expect(entries).toBeGreaterThan(100);
  });
});
