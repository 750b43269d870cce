import { describe, expect, it } from 'vitest';
import { definitions, findDefinition } from '../definition/table.ts';
import { imagePackages, loaderOf } from './packages.ts';

describe('imagePackages', () => {
  it('has an init, logins and a kernel for every machine, each once and in one order', () => {
    for (const definition of definitions) {
      const packages = imagePackages(definition, ['curl', 'sudo']);
      for (const name of ['systemd-sysv', 'openssh-server', 'cloud-init', 'curl', definition.kernel.package])
        expect(packages).toContain(name);
      expect(packages).toEqual([...new Set(packages)].toSorted());
    }
  });

  it('has a loader only where firmware starts the disk', () => {
    expect(imagePackages(findDefinition('arm64'), [])).toContain('grub-efi-arm64-bin');
    expect(imagePackages(findDefinition('s390x'), []).filter((name) => name.startsWith('grub'))).toEqual([]);
  });

  it.each(['a b', '--option', 'Capital', 'x;y', '', '$(x)', 'x,y', 'curl/sid'])(
    'refuses %j, which is no name',
    (name) => {
      expect(() => imagePackages(findDefinition('arm64'), ['curl', name])).toThrowWithCode('ANYARCH_USAGE');
    },
  );
});

describe('loaderOf', () => {
  it('is what firmware of the architecture looks for', () => {
    expect(loaderOf({ architecture: 'aarch64', boots: ['firmware', 'kernel'] })?.file).toBe('BOOTAA64.EFI');
    expect(loaderOf({ architecture: 'aarch64', boots: ['kernel'] })).toBeUndefined();
    expect(loaderOf({ architecture: 's390x', boots: ['firmware'] })).toBeUndefined();
  });
});
