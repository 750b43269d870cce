import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainBody, retryAfter } from './answer.ts';

describe('retryAfter', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['3', 3000],
    ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
    ['Wed, 31 Dec 2025 00:00:10 GMT', 0],
    ['soon', undefined],
    ['9'.repeat(400), undefined],
    ['', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
  ])('%j is %j ms', (field, expected) => {
    expect(retryAfter(field, now)).toBe(expected);
  });
});

describe('explainBody', () => {
  it('gives codes and messages on one line', () => {
    const body = { errors: [{ code: 'DENIED', message: 'no\n\x1b[31mred\u202e' }, { code: 'X' }, 5, null] };
    expect(explainBody(JSON.stringify(body))).toBe('DENIED no \\x1b[31mred\\u202e; X');
  });

  it.each(['', '<html>', '[]', '{"errors":5}', '{"errors":[{}]}', 'null'])(
    'says nothing about %s',
    (body) => {
      expect(explainBody(body)).toBe('');
    },
  );

  it('never lets a control character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (code, message) => {
        const text = explainBody(JSON.stringify({ errors: [{ code, message }] }));
        expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(text.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});
