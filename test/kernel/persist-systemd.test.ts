import { copyFileSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { qemuBinary } from '../support/fixtures/qemu.ts';
import { startLoop } from '../support/persistence/exec-loop.ts';
import { entriesOf, probe, proven, refused, targets } from '../support/persistence/probes.ts';
import { openPrivatePlace, type PrivatePlace } from '../support/persistence/private-place.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
const systemdBinfmt = '/usr/lib/systemd/systemd-binfmt';
const architectures = ['arm64', 's390x'];

let place: PrivatePlace;

beforeEach(async () => {
  place = await openPrivatePlace();
});
afterEach(() => place.close());

describeWith(
  [needs.root, needs.qemu, needs.systemdBinfmt],
  'what systemd-binfmt makes of persisted entries',
  () => {
    test('the same entries as before, each time that it starts, also beside those of packages', () => {
      // As Debian's python3.11 and llvm-14-runtime have them.
      place.addFile(
        '/usr/lib/binfmt.d/python3.11.conf',
        String.raw`:python3.11:M::\xa7\x0d\x0d\x0a::/usr/bin/true:` + '\n',
      );
      place.addFile(
        '/usr/lib/binfmt.d/llvm-14-runtime.binfmt.conf',
        ':llvm-14-runtime.binfmt:M::BC::/usr/bin/true:\n',
      );
      const report = place.persist({ command: 'enable', architectures, qemu });
      expect(report).toMatchObject({ outcome: 'ok', init: 'systemd' });
      expect(probe(place.table.host)).toEqual(proven);
      const before = entriesOf(place.table.host);

      for (let start = 0; start < 2; start += 1) {
        expect(place.run([systemdBinfmt])).toEqual({ status: 0, output: '' });
        expect(entriesOf(place.table.host)).toMatchObject(before);
        expect([...Object.keys(entriesOf(place.table.host))].toSorted()).toEqual([
          'llvm-14-runtime.binfmt',
          'python3.11',
          'qemu-aarch64',
          'qemu-s390x',
        ]);
        expect(probe(place.table.host)).toEqual(proven);
        // What a command finds after a boot is what it wants: nothing is swapped.
        const again = place.persist({ command: 'enable', architectures, qemu });
        expect(again.registrations.flatMap(({ results }) => results.map(({ action }) => action))).toEqual([
          'keep',
          'keep',
        ]);
      }
      expect(place.persist({ command: 'status' }).outcome).toBe('ok');

      // The negative twin: without the configuration systemd-binfmt leaves nothing of ours.
      const files = readdirSync(place.outside('/usr/lib/binfmt.d'));
      expect(place.persist({ command: 'disable' }).outcome).toBe('ok');
      expect(place.run([systemdBinfmt]).status).toBe(0);
      expect(Object.keys(entriesOf(place.table.host)).toSorted()).toEqual([
        'llvm-14-runtime.binfmt',
        'python3.11',
      ]);
      expect(probe(place.table.host)).toEqual(refused);
      expect(readdirSync(place.outside('/usr/lib/binfmt.d'))).toEqual(files);
      expect(readdirSync(place.outside('/etc/binfmt.d'))).toEqual([]);
      expect(readdirSync(place.outside('/usr/local/lib'))).toEqual([]);
    });

    test('ours in force, though a package has the same name and a file that is read later', () => {
      const theirs = emulatorOfOthers();
      const conf = packagedRule().replace(/:\/[^:]*:/, `:${theirs}:`);
      place.addFile('/usr/lib/binfmt.d/zz-qemu-aarch64.conf', conf);
      place.run([systemdBinfmt]);
      const text = entriesOf(place.table.host)['qemu-aarch64'];
      expect(text).toContain(theirs);

      place.persist({ command: 'enable', architectures: ['arm64'], qemu });
      for (let start = 0; start < 2; start += 1) {
        expect(place.run([systemdBinfmt]).status).toBe(0);
        expect(entriesOf(place.table.host)['qemu-aarch64']).toBe(text);
        expect(place.table.host.binfmt.table().list()[0]).toBe('anyarch-aarch64');
        expect(probe(place.table.host).aarch64).toEqual(proven.aarch64);
      }
      expect(place.persist({ command: 'status' })).toMatchObject({
        outcome: 'ok',
        architectures: [{ name: 'anyarch-aarch64', survives: true }],
      });

      // The negative twin: a file that sorts behind ours wins, and status says so before it happens.
      place.addFile('/usr/lib/binfmt.d/zzzz-late.conf', conf.replace(':qemu-aarch64:', ':late:'));
      expect(place.persist({ command: 'status' })).toMatchObject({
        outcome: 'failed',
        architectures: [{ survives: false, afterBoot: { name: 'late' } }],
      });
      place.run([systemdBinfmt]);
      expect(place.table.host.binfmt.table().list()[0]).toBe('late');
    });

    test('no program fails to start while the emulators are upgraded', async () => {
      const directory = temporaryDirectory('older');
      for (const target of targets)
        copyFileSync(await qemuBinary('10.0', target), join(directory, `qemu-${target}`));
      place.persist({ command: 'enable', architectures, qemu: directory });
      // What a boot leaves: entries that nobody has recorded.
      place.run([systemdBinfmt]);
      const link = () => readdirSync(place.outside('/usr/local/lib/anyarch')).toSorted();
      const before = link();

      const loop = await startLoop(place.table);
      for (const emulators of [qemu, directory, qemu])
        expect(place.persist({ command: 'enable', architectures, qemu: emulators }).outcome).toBe('ok');
      const { executed, failures } = await loop.end();
      expect(failures).toEqual([]);
      expect(executed).toBeGreaterThan(20);
      expect(link()).toHaveLength(2);
      expect(link()).not.toEqual(before);
      expect(place.persist({ command: 'status' })).toMatchObject({
        outcome: 'ok',
        architectures: targets.map(() => ({
          emulator: { version: expect.stringMatching(/^11\./) as string },
        })),
      });

      // The negative twin: the loop does notice an empty table.
      const short = await startLoop(place.table);
      place.run([systemdBinfmt, '--unregister']);
      await sleep(200);
      const { failures: noticed } = await short.end();
      expect(noticed.length).toBeGreaterThan(0);
    });
  },
);

/** Debian's own file for arm64. */
function packagedRule(): string {
  return readFileSync(join(qemu, '../share/qemu/binfmt.d/qemu-aarch64.conf'), 'utf8');
}

function emulatorOfOthers(): string {
  const path = join(temporaryDirectory('theirs'), 'qemu-aarch64');
  copyFileSync(join(qemu, 'qemu-aarch64'), path);
  return path;
}
