import { beforeEach, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { longestTail, readTail } from './read-tail.ts';

const shown = (text: string): string => text;
let host: FakeHost;

beforeEach(() => {
  host = fakeHost();
});

function tailOf(content: string, lines?: number) {
  host.files.addFile('/log', content);
  return readTail(host, '/log', { shown, lines, size: content.length });
}

it.each([
  ['', 3, ''],
  ['one\n', 3, 'one\n'],
  ['one\ntwo\nthree\n', 2, 'two\nthree\n'],
  ['one\ntwo\nthree', 2, 'two\nthree'],
  ['one\ntwo\n', undefined, 'one\ntwo\n'],
])('%j: the last %s lines', (content, lines, text) => {
  expect(tailOf(content, lines)).toEqual({ text, omittedBytes: 0 });
});

it('finds lines that are longer than what it looks at first', () => {
  const long = 'x'.repeat(300_000);
  expect(tailOf(`first\n${long}\nlast\n`, 2).text).toBe(`${long}\nlast\n`);
  expect(tailOf(`first\n${long}\nlast\n`, 1)).toMatchObject({ text: 'last\n' });
});

it('never reads more of a file than fits into a text', () => {
  const asked: number[] = [];
  const files = {
    ...host.files,
    readAt: (_: string, offset: number, length: number) => {
      asked.push(length);
      expect(offset + length).toBe(2 ** 40);
      return new TextEncoder().encode('end\n');
    },
  };
  const tail = readTail({ files }, '/log', { shown, size: 2 ** 40 });
  expect(tail).toEqual({ text: 'end\n', omittedBytes: 2 ** 40 - longestTail });
  expect(asked).toEqual([longestTail]);
});
