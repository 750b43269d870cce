import { describe, expect, it } from 'vitest';
import type { IndexedPackage, PackageIndex } from '../debian/index.ts';
import { packagesFor } from './closure.ts';

const subject = { suite: 'trixie', architecture: 'amd64' };

function indexed(
  name: string,
  dependencies: readonly (readonly string[])[] = [],
  version = '1',
): IndexedPackage {
  return {
    name,
    version,
    architecture: 'amd64',
    suite: 'trixie',
    filename: `${name}.deb`,
    size: 1,
    sha256: '0'.repeat(64),
    source: name,
    sourceVersion: version,
    depends: dependencies.flat(),
    dependencies,
    builtUsing: new Map(),
  };
}

function indexOf(...packages: readonly IndexedPackage[]): PackageIndex {
  return { find: (name) => packages.filter((one) => one.name === name) };
}

const namesOf = (names: readonly string[], index: PackageIndex) =>
  packagesFor(names, index, subject).map((one) => `${one.name} ${one.version}`);

describe('packagesFor', () => {
  it('takes everything that is needed, once, in circles too', () => {
    const index = indexOf(
      indexed('a', [['b'], ['c']]),
      indexed('b', [['c']]),
      indexed('c', [['a']]),
      indexed('d'),
    );
    expect(namesOf(['a'], index)).toEqual(['a 1', 'b 1', 'c 1']);
  });

  it('takes the newest version of several suites', () => {
    const index = indexOf(indexed('a', [['b']]), indexed('b', [], '1.9'), indexed('b', [], '1.10~rc1'));
    expect(namesOf(['a'], index)).toEqual(['a 1', 'b 1.10~rc1']);
  });

  it('takes the alternative that is taken already, else the first that there is', () => {
    const index = indexOf(indexed('a', [['x', 'y', 'z']]), indexed('y'), indexed('z'));
    expect(namesOf(['a'], index)).toEqual(['a 1', 'y 1']);
    expect(namesOf(['z', 'a'], index)).toEqual(['a 1', 'z 1']);
  });

  it('leaves out what only sets systems up, and what is only virtual', () => {
    const index = indexOf(
      indexed('a', [['adduser'], ['virtual'], ['b', 'debconf']]),
      indexed('adduser'),
      indexed('b'),
    );
    expect(namesOf(['a'], index)).toEqual(['a 1']);
    expect(namesOf(['adduser'], index)).toEqual(['adduser 1']);
  });

  it('names a wanted package that is not there', () => {
    expect(() => packagesFor(['nothing'], indexOf(), subject)).toThrowWithCode('ANYARCH_PACKAGE_NOT_FOUND');
  });
});
