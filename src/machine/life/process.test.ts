import { expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { lookAtProcess } from './process.ts';

/** Fields 4 to 19, then the number of threads, field 21, and when it started. */
function looked(state: string, threads: number): unknown {
  const { files } = fakeHost();
  const between = Array.from({ length: 16 }, () => '0').join(' ');
  files.addFile('/proc/4000/stat', `4000 (qemu) x) ${state} ${between} ${threads} 0 777 0\n`);
  return lookAtProcess(files, 4000);
}

it('is there as long as any of its threads is', () => {
  const there = { pid: 4000, startTicks: 777 };
  expect(looked('S', 1)).toEqual(there);
  expect(looked('Z', 3)).toEqual(there);
});

it('is gone when it waits for its parent only', () => {
  expect(looked('Z', 1)).toBeUndefined();
  expect(looked('Z', 0)).toBeUndefined();
  expect(looked('X', 3)).toBeUndefined();
  expect(lookAtProcess(fakeHost().files, 4000)).toBeUndefined();
});
