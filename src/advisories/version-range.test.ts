import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareQemuVersions } from '../core/version.ts';
import { formatRange, isInRange } from './version-range.ts';

const version = fc
  .array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 4 })
  .chain((numbers) =>
    fc.constantFrom('', '-rc1', '-rc3', '-13-amd64').map((tail) => `${numbers.join('.')}${tail}`),
  );

describe('isInRange', () => {
  it.each([
    ['7.2.22', { from: '7.2', below: '8.0' }, true],
    ['8.0', { from: '7.2', below: '8.0' }, false],
    ['8.0.0-rc1', { from: '7.2', below: '8.0' }, true],
    ['7.2.0-rc4', { from: '7.2' }, false],
    ['10.0.2', { below: '9.2' }, false],
    ['6.1.0-13-amd64', { from: '6.1', below: '6.2' }, true],
    ['1.23.1', { from: '1.23', below: '1.24' }, true],
    ['11.1.3', {}, true],
  ])('%s in %j: %s', (one, range, expected) => {
    expect(isInRange(one, range)).toBe(expected);
  });

  it('is what both of its ends say', () => {
    fc.assert(
      fc.property(version, version, version, (one, from, below) => {
        expect(isInRange(one, { from, below })).toBe(isInRange(one, { from }) && isInRange(one, { below }));
      }),
    );
  });

  it('puts a version on one side of an end, and the end itself behind it', () => {
    fc.assert(
      fc.property(version, version, (one, end) => {
        expect(isInRange(one, { from: end })).toBe(!isInRange(one, { below: end }));
        expect(isInRange(end, { from: end })).toBe(true);
      }),
    );
  });

  it('has what lies between two of its versions', () => {
    fc.assert(
      fc.property(version, version, version, version, version, (a, b, c, from, below) => {
        const [low = a, middle = b, high = c] = [a, b, c].sort(compareQemuVersions);
        fc.pre(isInRange(low, { from, below }) && isInRange(high, { from, below }));
        expect(isInRange(middle, { from, below })).toBe(true);
      }),
    );
  });

  it('holds nothing where its ends are swapped', () => {
    fc.assert(
      fc.property(version, version, version, (one, a, b) => {
        fc.pre(compareQemuVersions(a, b) >= 0);
        expect(isInRange(one, { from: a, below: b })).toBe(false);
      }),
    );
  });
});

it.each([
  [{ from: '7.2', below: '8.0' }, '7.2 to before 8.0'],
  [{ below: '9.2' }, 'before 9.2'],
  [{ from: '11.0' }, '11.0 and later'],
  [{}, 'any version'],
])('formats %j', (range, expected) => {
  expect(formatRange(range)).toBe(expected);
});
