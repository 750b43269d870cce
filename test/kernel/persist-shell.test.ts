import { rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/core/text.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { startLoop } from '../support/persistence/exec-loop.ts';
import { openPrivatePlace, type PrivatePlace } from '../support/persistence/private-place.ts';
import { entriesOf, probe, proven, refused } from '../support/persistence/probes.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
const program = '/usr/local/lib/anyarch/binfmt.sh';

let place: PrivatePlace;

beforeEach(async () => {
  place = await openPrivatePlace();
  // systemd without systemd-binfmt: its unit is masked.
  place.run(['ln', '-s', '/dev/null', '/etc/systemd/system/systemd-binfmt.service']);
  const architectures = ['arm64', 's390x'];
  place.persist({ command: 'enable', init: 'systemd', architectures, qemu });
});
afterEach(() => place.close());

const start = (shell = 'sh') => place.run([shell, program, 'start']);
const stop = () => place.run(['sh', program, 'stop']);
const silent = { status: 0, output: '' };

describeWith([needs.root, needs.qemu, needs.systemdBinfmt], 'the shell program of a boot', () => {
  test('registers what is persisted, as often as it is called, and removes it', () => {
    const before = entriesOf(place.table.host);
    for (const shell of ['dash', 'bash', 'sh']) {
      expect(stop()).toEqual(silent);
      expect(entriesOf(place.table.host)).toEqual({});
      expect(probe(place.table.host)).toEqual(refused);
      expect(start(shell)).toEqual(silent);
      expect(start(shell)).toEqual(silent);
      expect(entriesOf(place.table.host)).toEqual(before);
      expect(probe(place.table.host)).toEqual(proven);
    }
    expect(place.persist({ command: 'status' }).outcome).toBe('ok');
  });

  test('leaves the entries of others alone, says so, and registers the rest', () => {
    stop();
    const theirs = ':qemu-s390x:M::theirs::/usr/bin/true:';
    place.table.host.binfmt.table().register(encodeUtf8(theirs));
    const text = entriesOf(place.table.host)['qemu-s390x'];
    const { status, output } = start();
    expect([status, output]).toEqual([
      1,
      expect.stringContaining('qemu-s390x was registered by somebody else'),
    ]);
    expect(Object.keys(entriesOf(place.table.host))).toEqual(['qemu-aarch64', 'qemu-s390x']);
    stop();
    expect(entriesOf(place.table.host)).toEqual({ 'qemu-s390x': text });
  });

  test('goes on after a rule that the kernel refuses, and fails', () => {
    stop();
    writeFileSync(place.outside('/usr/local/lib/anyarch/rules/broken'), ':broken:M::x\n');
    const { status, output } = start();
    expect(status).toBe(1);
    expect(output).toContain('rules/broken');
    expect(probe(place.table.host)).toEqual(proven);
  });

  test('swaps entries without a gap', async () => {
    const loop = await startLoop(place.table);
    for (let times = 0; times < 5; times += 1) expect(start()).toEqual(silent);
    const { executed, failures } = await loop.end();
    expect(failures).toEqual([]);
    expect(executed).toBeGreaterThan(20);
  });

  test('fails where the table is switched off, or the rules are gone', () => {
    const state = (value: string): void => {
      place.table.run(['sh', '-c', `echo ${value} > ${place.table.host.binfmt.path}/status`]);
    };
    state('0');
    expect(start()).toEqual({ status: 1, output: expect.stringContaining('is switched off') as string });
    state('1');
    expect(start()).toEqual(silent);
    rmSync(place.outside('/usr/local/lib/anyarch/rules'), { recursive: true });
    expect(start()).toEqual({ status: 1, output: expect.stringContaining('there is no') as string });
  });

  test('passes by a name of a stand-in that somebody else has', () => {
    const table = place.table.host.binfmt.table();
    table.register(encodeUtf8(':anyarch-next:M::theirs::/usr/bin/true:'));
    expect(start()).toEqual(silent);
    expect(Object.keys(entriesOf(place.table.host)).toSorted()).toEqual([
      'anyarch-next',
      'qemu-aarch64',
      'qemu-s390x',
    ]);
    expect(probe(place.table.host)).toEqual(proven);
  });

  test('a left-over stand-in goes', () => {
    const table = place.table.host.binfmt.table();
    const interpreter = '/usr/local/lib/anyarch/current/qemu-aarch64';
    place.table.run(['sh', '-c', `printf ':anyarch-next:M::left::${interpreter}:' > ${table.path}/register`]);
    expect(start()).toEqual(silent);
    expect(Object.keys(entriesOf(place.table.host)).toSorted()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  });
});
