import { expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { emptyQcow2 } from '../snapshot/testing/kept-machine.ts';
import { isUntouched } from './is-untouched.ts';

const base = '/images/base.qcow2';

/** Layers over each other, the first over the base. */
function judged(layers: readonly { readonly below: string; readonly isWritten?: boolean }[]): boolean {
  const { files } = fakeHost();
  layers.forEach(({ below, isWritten = false }, index) => {
    const content = emptyQcow2(below, 1024);
    if (isWritten) content.writeBigUInt64BE(65_536n, 4104);
    files.addFile(`/layers/${index}.qcow2`, content);
  });
  return isUntouched(files, `/layers/${layers.length - 1}.qcow2`, base);
}

it('is a disk that is nothing but its image', () => {
  expect(judged([{ below: base }])).toBe(true);
  expect(judged([{ below: base }, { below: '/layers/0.qcow2' }])).toBe(true);
});

it('is none that was written to in any layer', () => {
  expect(judged([{ below: base, isWritten: true }])).toBe(false);
  expect(judged([{ below: base, isWritten: true }, { below: '/layers/0.qcow2' }])).toBe(false);
  expect(judged([{ below: base }, { below: '/layers/0.qcow2', isWritten: true }])).toBe(false);
});

it.each([
  ['lies over another image', '/images/other.qcow2'],
  ['lies over what is not there', '/layers/none.qcow2'],
  ['lies over itself', '/layers/0.qcow2'],
  ['lies over nothing', ''],
])('is none that %s', (_, below) => {
  expect(judged([{ below }])).toBe(false);
});
