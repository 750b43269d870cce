import { expect, test } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import { readScriptLine } from './script-line.ts';

test.each([
  ['#!/bin/sh\n', { interpreter: '/bin/sh', argument: undefined }],
  ['#! \t/bin/sh -e  -x \nmore', { interpreter: '/bin/sh', argument: '-e  -x' }],
  ['#!/bin/sh', { interpreter: '/bin/sh', argument: undefined }],
  ['#!\n', undefined],
  ['#!', undefined],
  ['#/bin/sh\n', undefined],
  ['', undefined],
  [`#!/${'x'.repeat(300)}\n`, undefined],
])('%j', (text, expected) => {
  expect(readScriptLine(encodeUtf8(text).subarray(0, 256))).toEqual(expected);
});

test('a long argument is cut, a long interpreter is refused', () => {
  expect(
    readScriptLine(encodeUtf8(`#!/bin/sh ${'x'.repeat(300)}\n`).subarray(0, 256))?.argument,
  ).toHaveLength(246);
});
