import { expect, it } from 'vitest';
import { nextPage } from './link.ts';

it.each([
  ['</v2/x/referrers/y?last=1>; rel="next"', '/v2/x/referrers/y?last=1'],
  ['<?page=2>; title="a, b"; rel=next', '?page=2'],
  ['<a>; rel="prev", <b>; rel="last next"', 'b'],
  ['<a>; rel=NEXT, <b>; rel=prev', 'a'],
  ['<a>; rel="prev"', undefined],
  ['<a>; rel="nextish"', undefined],
  ['a; rel="next"', undefined],
  ['', undefined],
  [undefined, undefined],
])('%s', (field, expected) => {
  expect(nextPage(field)).toBe(expected);
});
