import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

const read = (field: string) =>
  parseChallenges(field).map(({ scheme, parameters }) => ({ scheme, ...Object.fromEntries(parameters) }));

describe('parseChallenges', () => {
  it.each([
    [
      'Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push"',
      [
        {
          scheme: 'bearer',
          realm: 'https://auth.example/token',
          service: 'registry',
          scope: 'repository:a/b:pull,push',
        },
      ],
    ],
    ['Basic realm="with \\"quotes\\" and a \\\\"', [{ scheme: 'basic', realm: 'with "quotes" and a \\' }]],
    ['BEARER Realm = x , SERVICE=y', [{ scheme: 'bearer', realm: 'x', service: 'y' }]],
    [
      'Negotiate, Bearer realm="a, Basic realm=b", Basic realm="c"',
      [
        { scheme: 'negotiate' },
        { scheme: 'bearer', realm: 'a, Basic realm=b' },
        { scheme: 'basic', realm: 'c' },
      ],
    ],
    ['Negotiate YWJj==, Basic realm="c"', [{ scheme: 'negotiate' }, { scheme: 'basic', realm: 'c' }]],
    ['Negotiate, Basic', [{ scheme: 'negotiate' }, { scheme: 'basic' }]],
    ['Basic', [{ scheme: 'basic' }]],
    ['', []],
    [' , ,', []],
    ['Bearer realm="never closed', [{ scheme: 'bearer' }]],
  ])('%s', (field, expected) => {
    expect(read(field)[0]).toEqual(expected[0]);
    expect(read(field).slice(0, expected.length)).toEqual(expected);
  });

  it('reads whatever values are quoted', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string(), { minKeys: 1 }), (values) => {
        const list = Object.entries(values).map(
          ([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`,
        );
        expect(read(`Bearer ${list.join(',')}, Basic realm="x"`)).toEqual([
          { scheme: 'bearer', ...values },
          { scheme: 'basic', realm: 'x' },
        ]);
      }),
    );
  });

  it('comes to an end, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '=', '"', ',', '\\', 'B', '~', '/', '\n') }),
        (field) => {
          expect(parseChallenges(field).length).toBeLessThanOrEqual(field.length);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
