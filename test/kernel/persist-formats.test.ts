import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { startLoop } from '../support/persistence/exec-loop.ts';
import { openPrivatePlace, type PrivatePlace } from '../support/persistence/private-place.ts';
import { entriesOf, probe, proven, refused } from '../support/persistence/probes.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
const architectures = ['arm64', 's390x'];

/** As Debian's python3.11 has it in the database. */
const python = 'python3.11\nmagic\n0\n\\xa7\\x0d\\x0d\\x0a\n\n/usr/bin/python3.11\n\n\n\n\n';

let place: PrivatePlace;

beforeEach(async () => {
  place = await openPrivatePlace();
});
afterEach(() => place.close());

const enable = () => place.persist({ command: 'enable', init: 'debian', architectures, qemu });

/** A boot: an empty table, then what binfmt-support's unit does. */
function boot(): void {
  expect(place.run(['/usr/lib/systemd/systemd-binfmt', '--unregister']).status).toBe(0);
  expect(Object.keys(entriesOf(place.table.host))).toEqual([]);
  expect(place.run(['update-binfmts', '--enable'])).toEqual({ status: 0, output: '' });
}

describeWith(
  [needs.root, needs.qemu, needs.updateBinfmts],
  'what binfmt-support makes of persisted entries',
  () => {
    test('the same entries as before, beside those of packages', () => {
      place.addFile('/var/lib/binfmts/python3.11', python);
      expect(enable()).toMatchObject({ outcome: 'ok', init: 'debian' });
      expect(probe(place.table.host)).toEqual(proven);
      const before = entriesOf(place.table.host);
      for (let times = 0; times < 2; times += 1) {
        boot();
        expect(entriesOf(place.table.host)).toMatchObject(before);
        expect(Object.keys(entriesOf(place.table.host)).toSorted()).toEqual([
          'python3.11',
          'qemu-aarch64',
          'qemu-s390x',
        ]);
        expect(probe(place.table.host)).toEqual(proven);
      }
      expect(place.persist({ command: 'status' })).toMatchObject({
        outcome: 'ok',
        architectures: [{ survives: true }, { survives: true }],
      });
      expect(enable().registrations.flatMap(({ results }) => results.map(({ action }) => action))).toEqual([
        'keep',
        'keep',
      ]);

      // The negative twin.
      expect(place.persist({ command: 'disable', now: true }).outcome).toBe('ok');
      expect(probe(place.table.host)).toEqual(refused);
      boot();
      expect(Object.keys(entriesOf(place.table.host))).toEqual(['python3.11']);
      expect(readFileSync(place.outside('/var/lib/binfmts/python3.11'), 'utf8')).toBe(python);
      expect(readdirSync(place.outside('/usr/local/lib'))).toEqual([]);
    });

    test('no program fails to start while formats come and go', async () => {
      enable();
      const loop = await startLoop(place.table);
      for (let times = 0; times < 2; times += 1) {
        place.persist({ command: 'disable' });
        enable();
      }
      const { executed, failures } = await loop.end();
      expect(failures).toEqual([]);
      expect(executed).toBeGreaterThan(20);
    });

    test(
      'nothing stays of a command that was killed, whatever it was about to do',
      { timeout: 120_000 },
      () => {
        const order = { init: 'debian', architectures, qemu } as const;
        const formats = () => readdirSync(place.outside('/var/lib/binfmts'));
        let halfWay = 0;
        for (const command of ['enable', 'disable'] as const) {
          for (let ms = 150; ms <= 900; ms += 125) {
            if (command === 'disable') enable();
            place.killPersist({ ...order, command }, ms);
            if (formats().length > 0) halfWay += 1;
            // Every second time without the record.
            if (ms % 2 === 0) place.addFile('/state/persistence.json', '{');
            const now = ms % 4 !== 0;
            place.persist({ command: 'disable', now });
            expect(formats()).toEqual([]);
            expect(readdirSync(place.outside('/usr/local/lib'))).toEqual([]);
            boot();
            expect(probe(place.table.host)).toEqual(refused);
          }
        }
        expect(halfWay).toBeGreaterThan(0);
      },
    );

    test('nothing, where a package has a format for the same programs', () => {
      const theirs = readFileSync(`${qemu}/../share/qemu/binfmt.d/qemu-aarch64.conf`, 'utf8').split(':');
      place.addFile(
        '/var/lib/binfmts/qemu-aarch64',
        [
          'qemu-user-static',
          'magic',
          '0',
          theirs[4],
          theirs[5],
          `${qemu}/qemu-aarch64`,
          '',
          '',
          'yes',
          'yes',
          '',
        ].join('\n'),
      );
      const before = readFileSync(place.outside('/var/lib/binfmts/qemu-aarch64'), 'utf8');
      const { status, output } = place.tryPersist({ command: 'enable', init: 'debian', architectures, qemu });
      expect(status).toBe(1);
      expect(output).toContain('ANYARCH_PERSIST_CLASH');
      expect(readFileSync(place.outside('/var/lib/binfmts/qemu-aarch64'), 'utf8')).toBe(before);
      expect(existsSync(place.outside('/usr/local/lib/anyarch'))).toBe(false);
      expect(entriesOf(place.table.host)).toEqual({});
    });
  },
);
