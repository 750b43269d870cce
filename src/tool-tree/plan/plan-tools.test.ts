import { describe, expect, it } from 'vitest';
import { findArchitecture } from '../../core/architecture.ts';
import { parseStanza, readIndexedPackage } from '../../debian/index.ts';
import type { Tool } from '../tool.ts';
import { planTools, type Offered, type PlanInput } from './plan-tools.ts';
import { packageSide } from './side.ts';

const digest = 'ab'.repeat(32);

function offered(...stanzas: string[]): Offered {
  const packages = stanzas.map((text) =>
    readIndexedPackage(
      parseStanza(`${text}\nArchitecture: arm64\nFilename: pool/x.deb\nSize: 1\nSHA256: ${digest}`),
      'trixie',
    ),
  );
  return { find: (name) => packages.filter((one) => one.name === name) };
}

const tool = (fields: Partial<Tool> = {}): Tool => ({
  group: 'base',
  name: 'grep',
  guest: { package: 'grep', path: 'usr/bin/grep' },
  listed: 'allow',
  reason: 'a test',
  ...fields,
});

const plan = (input: Partial<PlanInput>) =>
  planTools({
    tools: [tool()],
    guest: packageSide(findArchitecture('arm64'), 'arm64'),
    host: packageSide(findArchitecture('amd64'), 'amd64'),
    installed: undefined,
    offeredToGuest: offered(),
    offeredToHost: offered(),
    ...input,
  });

describe('planTools', () => {
  it('understands binNMUs on either side', () => {
    const { planned } = plan({
      offeredToGuest: offered('Package: grep\nVersion: 3.11-4+b1'),
      offeredToHost: offered('Package: grep\nVersion: 3.11-4'),
    });
    expect(planned.map(({ guest, host }) => [guest.package.version, host.package.version])).toEqual([
      ['3.11-4+b1', '3.11-4'],
    ]);
  });

  it('takes the source version that is written down, not the one that it looks like', () => {
    const sides = {
      offeredToGuest: offered('Package: grep\nSource: grep-src (1:2)\nVersion: 9+b1'),
      offeredToHost: offered('Package: grep\nSource: grep-src (1:3)\nVersion: 9'),
    };
    expect(plan(sides).planned).toEqual([]);
    expect(plan(sides).leftOut[0]?.reason).toContain('only 9');
    expect(plan({ ...sides, tools: [tool({ sameVersion: 'exact' })] }).planned).toEqual([]);
  });

  it('leaves out what is of another version, and says which there is', () => {
    const { planned, leftOut } = plan({
      offeredToGuest: offered('Package: grep\nVersion: 3.11-5'),
      offeredToHost: offered('Package: grep\nVersion: 3.11-4'),
    });
    expect(planned).toEqual([]);
    expect(leftOut).toEqual([
      {
        name: 'grep',
        group: 'base',
        reason: 'grep 3.11-5 needs grep of the same version for amd64: there is only 3.11-4',
      },
    ]);
  });

  it('tells what the guest has not from what cannot be had', () => {
    const offeredToGuest = offered('Package: grep\nVersion: 3.11-4');
    expect(plan({ offeredToGuest, installed: new Map() }).absent).toEqual(['grep']);
    const old = plan({ offeredToGuest, installed: new Map([['grep', '3.11-3']]) });
    expect(old.leftOut[0]?.reason).toContain('--snapshot');
  });

  it('takes the version that the guest has, also when there is a newer one', () => {
    const both = offered('Package: grep\nVersion: 3.11-4', 'Package: grep\nVersion: 3.12-1');
    const { planned } = plan({
      offeredToGuest: both,
      offeredToHost: both,
      installed: new Map([['grep', '3.11-4']]),
    });
    expect(planned.map(({ host }) => host.package.version)).toEqual(['3.11-4']);
    expect(plan({ offeredToGuest: both, offeredToHost: both }).planned[0]?.host.package.version).toBe(
      '3.12-1',
    );
  });

  describe('of cross compilers', () => {
    const cc1 = tool({
      group: 'c',
      name: 'cc1',
      sameVersion: 'cross',
      guest: { package: 'cpp-{gcc}-{triplet}', path: 'usr/libexec/gcc/{triplet}/{gcc}/cc1' },
      host: { package: 'cpp-{gcc}-{triplet}', path: 'usr/libexec/gcc-cross/{triplet}/{gcc}/cc1' },
    });
    const guest = [
      'Package: gcc\nVersion: 4:14.2.0-1\nDepends: cpp, gcc-14 (>= 14.2.0-6~)',
      'Package: cpp-14-aarch64-linux-gnu\nSource: gcc-14\nVersion: 14.2.0-19',
      'Package: cpp-12-aarch64-linux-gnu\nSource: gcc-12\nVersion: 12.2.0-14+deb12u1',
    ];
    const cross = (number: number, version: string, builtUsing: string) =>
      `Package: cpp-${number}-aarch64-linux-gnu\nSource: gcc-${number}-cross (9)\nVersion: ${version}\nBuilt-Using: ${builtUsing}`;

    it('goes by what they were built from, and by the release for the version', () => {
      const { planned } = plan({
        tools: [cc1],
        offeredToGuest: offered(...guest),
        offeredToHost: offered(cross(14, '14.2.0-19cross1', 'gcc-14 (= 14.2.0-19)')),
      });
      expect(planned.map(({ name, guest: one, host }) => [name, one.path, host.path])).toEqual([
        ['cc1', 'usr/libexec/gcc/aarch64-linux-gnu/14/cc1', 'usr/libexec/gcc-cross/aarch64-linux-gnu/14/cc1'],
      ]);
    });

    it('finds all versions that a guest has, and leaves out the one that was built from another source', () => {
      const { planned, leftOut } = plan({
        tools: [cc1],
        offeredToGuest: offered(...guest),
        offeredToHost: offered(
          cross(14, '14.2.0-19cross1', 'gcc-14 (= 14.2.0-19)'),
          cross(12, '12.2.0-14cross1', 'gcc-12 (= 12.2.0-14)'),
        ),
        installed: new Map([
          ['cpp-14-aarch64-linux-gnu', '14.2.0-19'],
          ['cpp-12-aarch64-linux-gnu', '12.2.0-14+deb12u1'],
          ['cpp-14-arm-linux-gnueabihf', '14.2.0-19cross1'],
        ]),
      });
      expect(planned.map(({ name }) => name)).toEqual(['cc1-14']);
      expect(leftOut.map(({ name, reason }) => [name, reason])).toEqual([
        ['cc1-12', expect.stringContaining('12.2.0-14cross1')],
      ]);
    });
  });

  describe('of programs that go by what `gcc` stands for', () => {
    const meta = (version: string, gcc: number) =>
      `Package: gcc\nVersion: ${version}\nDepends: cpp, gcc-${gcc} (>= 1)`;
    const ofTwo = (stanzas: readonly string[], installed?: ReadonlyMap<string, string>) =>
      plan({
        tools: [12, 14].map((gcc) => tool({ besideGcc: `${gcc}`, host: { package: 'grep', path: '{gcc}' } })),
        offeredToGuest: offered('Package: grep\nVersion: 3.11-4', ...stanzas),
        offeredToHost: offered('Package: grep\nVersion: 3.11-4'),
        installed,
      });
    const paths = ({ planned }: ReturnType<typeof plan>) => planned.map(({ host }) => host.path);

    it('takes the one for the release', () => {
      const chosen = ofTwo([meta('4:12.2.0-3', 12)]);
      expect(paths(chosen)).toEqual(['12']);
      expect([chosen.leftOut, chosen.absent]).toEqual([[], []]);
    });

    it('takes the one for what the guest has installed, although there is a newer one', () => {
      const stanzas = [meta('4:12.2.0-3', 12), meta('4:14.2.0-1', 14)];
      const packages = ['grep', '3.11-4'] as const;
      expect(paths(ofTwo(stanzas, new Map([packages, ['gcc', '4:12.2.0-3']])))).toEqual(['12']);
      expect(paths(ofTwo(stanzas, new Map([packages])))).toEqual(['14']);
    });

    it('takes none where nothing tells', () => {
      expect(paths(ofTwo([]))).toEqual([]);
      expect(paths(ofTwo([meta('4:13.1.0-1', 13)]))).toEqual([]);
    });
  });

  it('says why something is never replaced on an architecture', () => {
    const both = offered('Package: grep\nVersion: 3.11-4');
    const { leftOut } = plan({
      tools: [tool({ notOn: { arm64: 'it counts memory' } })],
      offeredToGuest: both,
      offeredToHost: both,
    });
    expect(leftOut).toEqual([
      { name: 'grep', group: 'base', reason: 'not for arm64: it counts memory', isMeant: true },
    ]);
  });
});
