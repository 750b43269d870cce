import { expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { machinePlaces } from '../places.ts';
import { checkDiskAfterCrash } from './check-disk.ts';
import { exampleRecord } from './testing/example-machine.ts';

interface Result {
  readonly exitCode: number;
  readonly stderr?: string;
}

const inUse = { exitCode: 1, stderr: `Could not open 'x': Failed to get "write" lock\nIs another process?` };

/** One answer of qemu-img after the other; the last for ever. */
function check(...results: readonly Result[]): void {
  const host = fakeHost();
  const places = machinePlaces(host.system, 'demo');
  host.files.addFile(places.disk, 'disk');
  let count = 0;
  host.processes.on(['qemu-img', 'check'], () => {
    count += 1;
    return results[Math.min(count, results.length) - 1] ?? {};
  });
  const tools = { command: (name: string) => [name], environment: {} };
  checkDiskAfterCrash(host, { record: exampleRecord, places }, tools);
}

it.each([0, 3])('a disk that qemu-img ends with %d for is sound', (exitCode) => {
  expect(() => {
    check({ exitCode });
  }).not.toThrow();
});

it('a disk is checked once a killed QEMU has let go of it', () => {
  expect(() => {
    check(inUse, inUse, { exitCode: 0 });
  }).not.toThrow();
  expect(() => {
    check(inUse, { exitCode: 2, stderr: '3 errors were found on the image.' });
  }).toThrowWithCode('ANYARCH_DISK_INVALID');
});

it('a disk that another process keeps is not called damaged', () => {
  expect(() => {
    check(inUse);
  }).toThrowWithCode('ANYARCH_MACHINE_RUNNING');
});
