import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Advisory } from './advisory.ts';
import { matchAdvisories } from './match.ts';
import { runtimeNames, type RuntimeName } from './runtime-name.ts';
import type { Situation } from './situation.ts';
import { advisories } from './table/index.ts';

const go = (version: string | undefined) => [{ name: 'go', version, path: '/usr/local/go/VERSION' }] as const;
const ids = (situation: Situation, options = {}) =>
  matchAdvisories(situation, options)
    .filter(({ unproven }) => unproven.length === 0)
    .map(({ advisory }) => advisory.id);

describe('matchAdvisories', () => {
  it('finds what every condition of is shown', () => {
    const bookworm: Situation = {
      emulator: { version: '7.2.22' },
      host: 'x86_64',
      guest: 'arm64',
      runtimes: [],
    };
    expect(ids(bookworm)).toEqual(expect.arrayContaining(['openat2-missing', 'pointer-authentication-slow']));
    expect(ids(bookworm)).not.toContain('go-pidfd-einval');
    expect(ids({ ...bookworm, runtimes: go('1.23.1') })).toContain('go-pidfd-einval');
    expect(ids({ ...bookworm, runtimes: go('1.22.9') })).not.toContain('go-pidfd-einval');
  });

  it('finds nothing but what no version does for the newest emulator', () => {
    const situation: Situation = {
      emulator: { version: '11.1.3', linkage: 'static-pie', libc: 'glibc', byDebian: true },
      host: 'x86_64',
      guest: 'aarch64',
      runtimes: [],
    };
    const found = matchAdvisories(situation);
    expect(new Set(found.map(({ advisory }) => advisory.effect))).toEqual(new Set(['unsupported']));
  });

  it('says which conditions are not known', () => {
    const [only] = matchAdvisories(
      { emulator: { version: '7.2.22' }, guest: 'riscv64' },
      { advisories: advisories.filter(({ id }) => id === 'go-pidfd-einval') },
    );
    expect(only?.unproven).toEqual(['what the guest was made with is not known']);
    const [unknown] = matchAdvisories(
      { emulator: { version: '7.2.22' }, runtimes: go(undefined) },
      { advisories: advisories.filter(({ id }) => id === 'go-pidfd-einval') },
    );
    expect(unknown?.unproven).toEqual(['the version of /usr/local/go/VERSION is not known']);
  });

  it('puts first what shows in the text', () => {
    const [first] = matchAdvisories(
      { emulator: { version: '7.2.22' }, guest: 'riscv64' },
      { text: 'tar: a: Cannot open: Function not implemented' },
    );
    expect(first).toMatchObject({ advisory: { id: 'openat2-missing' }, isSaid: true });
  });

  it('leaves machines and programs apart', () => {
    expect(ids({ mode: 'system', guest: 'riscv64' })).toEqual(['machine-rva23']);
    expect(ids({ guest: 'riscv64', emulator: { version: '10.0' } })).not.toContain('machine-rva23');
  });

  it('tells only the effects that are asked for', () => {
    const found = matchAdvisories({}, { effects: ['hang'] });
    expect(found.length).toBeGreaterThan(0);
    expect(new Set(found.map(({ advisory }) => advisory.effect))).toEqual(new Set(['hang']));
  });
});

const version = fc.tuple(fc.nat({ max: 12 }), fc.nat({ max: 3 })).map(([a, b]) => `${a}.${b}`);
const situations: fc.Arbitrary<Situation> = fc.record({
  mode: fc.constantFrom(undefined, 'user', 'system'),
  emulator: fc.option(
    fc.record({
      version: fc.option(version, { nil: undefined }),
      linkage: fc.constantFrom(undefined, 'static', 'static-pie', 'dynamic'),
      libc: fc.constantFrom(undefined, 'glibc', 'musl'),
      byDebian: fc.constantFrom(undefined, true, false),
    }),
    { nil: undefined },
  ),
  host: fc.constantFrom(undefined, 'x86_64', 'arm64', 'nonsense'),
  guest: fc.constantFrom(undefined, 'arm64', 'riscv64', 's390x', 'arm/v7'),
  kernelRelease: fc.constantFrom(undefined, '6.1.0-13-amd64'),
  runtimes: fc.option(
    fc.array(
      fc.record({
        name: fc.constantFrom(...(Object.keys(runtimeNames) as RuntimeName[])),
        version: fc.option(version, { nil: undefined }),
        path: fc.constant('/x'),
      }),
      { maxLength: 3 },
    ),
    { nil: undefined },
  ),
});

describe('for any situation', () => {
  it('what is learned never makes an advisory possible that was not', () => {
    fc.assert(
      fc.property(situations, fc.constantFrom('emulator', 'host', 'guest', 'runtimes'), (known, key) => {
        const less = idsOf(matchAdvisories({ ...known, [key]: undefined }));
        for (const id of idsOf(matchAdvisories(known))) expect(less).toContain(id);
      }),
    );
  });

  it.each(advisories)('$id matches its own conditions', (advisory) => {
    expect(idsOf(matchAdvisories(situationOf(advisory)))).toContain(advisory.id);
  });

  it.each(advisories.filter(({ applies }) => applies.emulator?.every(({ from }) => from !== undefined)))(
    '$id does not match a version before its own',
    (advisory) => {
      const inside = situationOf(advisory);
      const outside = { ...inside, emulator: { ...inside.emulator, version: '0.1' } };
      expect(idsOf(matchAdvisories(outside))).not.toContain(advisory.id);
    },
  );
});

function idsOf(found: ReturnType<typeof matchAdvisories>): string[] {
  return found.map(({ advisory }) => advisory.id);
}

function situationOf({ applies }: Advisory): Situation {
  const [range] = applies.emulator ?? [];
  const [runtime] = applies.runtimes ?? [];
  return {
    mode: applies.mode,
    emulator: { version: range?.from ?? '4.2', ...applies.build },
    host: applies.hosts?.[0],
    guest: applies.guests?.[0],
    runtimes: runtime && [{ name: runtime.name, version: runtime.versions?.[0]?.from ?? '1.0', path: '/x' }],
  };
}
