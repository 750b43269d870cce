import { describe, expect, it } from 'vitest';
import { casesOf, countCases, differenceOf, isComplete } from './outputs.ts';

const text = `== exit
-> exit 0
# flags F
== words
word a
-> exit 0
# flags P: error 22
# done
`;
const tried = { text, exitCode: 0 };

describe('casesOf', () => {
  it('names each case with the flags of its round', () => {
    expect(casesOf(text)).toEqual([
      ['exit', '-> exit 0\n'],
      ['flags F', ''],
      ['words, flags F', 'word a\n-> exit 0\n'],
      ['flags P: error 22', ''],
      ['done', '\n'],
    ]);
    expect(countCases(text)).toBe(2);
  });
});

describe('isComplete', () => {
  it.each([
    [tried, true],
    [{ text: text.slice(0, -7), exitCode: 0 }, false],
    [{ text, exitCode: 137 }, false],
    [{ text: '', exitCode: 0 }, false],
  ])('%j: %j', (one, expected) => {
    expect(isComplete(one)).toBe(expected);
  });
});

describe('differenceOf', () => {
  it.each([
    ['a result', { ...tried, text: text.replace('word a', 'word b') }, 'the guest "words, flags F" printed'],
    ['a missing end', { ...tried, text: text.slice(0, 40) }, 'the guest "words, flags F"'],
    ['nothing at all', { ...tried, text: '' }, 'the guest "exit" printed'],
    ['a round that was refused', { ...tried, text: text.replace('error 22', 'error 1') }, 'flags P'],
    ['an exit code', { ...tried, exitCode: 1 }, 'exit code 1 instead of 0'],
    ['something behind the end', { ...tried, text: `${text}x` }, 'the guest "done"'],
  ])('tells %s', (_, found, expected) => {
    expect(differenceOf(tried, found)).toContain(expected);
  });

  it('tells nothing where all is the same', () => {
    expect(differenceOf(tried, { ...tried })).toBeUndefined();
  });
});
