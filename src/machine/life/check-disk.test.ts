import { expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { machinePlaces } from '../places.ts';
import { checkDiskAfterCrash } from './check-disk.ts';
import { exampleRecord } from './testing/example-machine.ts';

function check(result: { readonly exitCode: number; readonly stderr?: string }): void {
  const host = fakeHost();
  const places = machinePlaces(host.system, 'demo');
  host.files.addFile(places.disk, 'disk');
  host.processes.on(['qemu-img', 'check'], result);
  const tools = { command: (name: string) => [name], environment: {} };
  checkDiskAfterCrash(host, { record: exampleRecord, places }, tools);
}

it.each([0, 3])('a disk that qemu-img ends with %d for is sound', (exitCode) => {
  expect(() => {
    check({ exitCode });
  }).not.toThrow();
});

it('a damaged disk is told from one that another process has', () => {
  expect(() => {
    check({ exitCode: 2, stderr: '3 errors were found on the image.' });
  }).toThrowWithCode('ANYARCH_DISK_INVALID');
  expect(() => {
    check({
      exitCode: 1,
      stderr: 'Could not open \'x\': Failed to get "write" lock\nIs another process using it?',
    });
  }).toThrowWithCode('ANYARCH_MACHINE_RUNNING');
});
