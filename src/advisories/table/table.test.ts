import { describe, expect, it } from 'vitest';
import { lookUpArchitecture } from '../../core/architecture.ts';
import { compareQemuVersions } from '../../core/version.ts';
import type { VersionRange } from '../version-range.ts';
import { advisories } from './index.ts';

it('has each advisory once', () => {
  const ids = advisories.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(25);
});

describe.each(advisories)('$id', ({ id, title, seen, applies, workarounds, references, says = [] }) => {
  it('is written as the others are', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(title).not.toMatch(/\.$/);
    expect(seen.length).toBeGreaterThan(10);
    for (const reference of references) expect(reference).toMatch(/^https:\/\/\S+$/);
    for (const { does } of workarounds) expect(does).toMatch(/^[a-z]/);
  });

  it('names architectures as QEMU does, and ranges that hold something', () => {
    for (const name of [...(applies.hosts ?? []), ...(applies.guests ?? [])])
      expect(lookUpArchitecture(name)?.name).toBe(name);
    const ranges: VersionRange[] = [
      ...(applies.emulator ?? []),
      ...(applies.runtimes?.flatMap(({ versions = [] }) => versions) ?? []),
      ...(applies.kernel === undefined ? [] : [applies.kernel]),
    ];
    for (const { from = '0', below = '9999' } of ranges) expect(compareQemuVersions(from, below)).toBe(-1);
  });

  it('looks for texts without a state that would change the next answer', () => {
    for (const { flags } of says) expect(flags).not.toMatch(/[gy]/);
  });
});
