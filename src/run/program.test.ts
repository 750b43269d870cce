import { describe, expect, it } from 'vitest';
import { buildLauncher } from '../core/launcher/build-launcher.ts';
import { launcherHosts } from '../core/launcher/find-launcher-host.ts';
import { namespaceProgram } from './program.ts';
import type { NamespaceSetup } from './setup.ts';

const setup: NamespaceSetup = {
  mapping: { kind: 'self', uid: 1000, gid: 1000 },
  isHostRoot: true,
  scratch: '/state/mount',
  root: { kind: 'ephemeral', path: '/state/with,comma:and\\backslash' },
  rules: [{ name: 'qemu-s390x', text: new Uint8Array([58]), optional: false }],
  binds: [{ source: '/home/me', target: '/src/deep', readOnly: true, kind: 'directory' }],
  workingDirectory: '/src',
};

describe('namespaceProgram', () => {
  it.each(launcherHosts.map((host) => [host.name, host] as const))('can be built for %s', (_name, host) => {
    for (const root of [setup.root, { kind: 'host' }, { kind: 'directory', path: '/r' }] as const)
      for (const mapping of [setup.mapping, { kind: 'parent' }] as const)
        expect(
          buildLauncher(host, namespaceProgram(host, { ...setup, root, mapping }, ['/bin/sh'], ['sh']))
            .length,
        ).toBeGreaterThan(1000);
  });

  const host = launcherHosts.find(({ name }) => name === 'x86_64')!;

  it('is the same file for runs that differ in paths and words only', () => {
    const other: NamespaceSetup = {
      ...setup,
      scratch: '/elsewhere',
      root: { kind: 'ephemeral', path: '/other' },
      binds: [{ source: '/a', target: '/b/c', readOnly: true, kind: 'directory' }],
      workingDirectory: '/',
    };
    const first = namespaceProgram(host, setup, ['/bin/sh'], ['sh', '-c', 'true']);
    const second = namespaceProgram(host, other, ['/x'], ['x']);
    expect(buildLauncher(host, first)).toEqual(buildLauncher(host, second));
    expect(first.arguments).not.toEqual(second.arguments);
  });

  it('protects what overlayfs would take for separators', () => {
    const { arguments: words } = namespaceProgram(host, setup, ['/bin/sh'], ['sh']);
    expect(
      words.some((word) => word.startsWith('lowerdir=/state/with\\,comma\\:and\\\\backslash,upperdir=')),
    ).toBe(true);
  });

  it('resolves targets of volumes after the root has changed, and hides nothing of the host before', () => {
    const { steps } = namespaceProgram(host, setup, ['/bin/sh'], ['sh']);
    const at = (doing: string): number => steps.findIndex((step) => step.doing === doing);
    expect(at('find /home/me')).toBeLessThan(at('change the root'));
    expect(at('mount /home/me at /src/deep')).toBeGreaterThan(at('change the root'));
    expect(at('register qemu-s390x in the private table')).toBeLessThan(at('change the root'));
    expect(at('keep the private table mounted')).toBeLessThan(at('let go of the old root'));
  });
});
