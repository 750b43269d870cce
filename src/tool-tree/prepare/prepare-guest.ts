import * as fs from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import type { IndexedPackage } from '../../debian/index.ts';
import { makeGuestRoot, withDependencies, type OriginalPaths } from '../packages/guest-root.ts';
import { expandPackage } from '../plan/expand.ts';
import { guestPackage, newestFirst } from '../plan/plan-tools.ts';
import { testPackages } from '../self-test/index.ts';
import type { Making } from './making.ts';

/** The guest that programs are taken from and tested in. */
export interface PreparedGuest {
  readonly root: string;
  readonly originals: OriginalPaths;
  /** What it was made of, by name. */
  readonly packages: ReadonlyMap<string, IndexedPackage>;
}

/** @throws AnyarchError what downloading and unpacking throw */
export async function prepareGuest(making: Making, root: string): Promise<PreparedGuest> {
  const { options, offers, input, plan } = making;
  const extras = new Set(
    plan.planned.flatMap(({ tool, variables }) =>
      testPackages[tool.group].map((pattern) => expandPackage(pattern, variables)),
    ),
  );
  const choose = (name: string): IndexedPackage | undefined => {
    const found = guestPackage(name, input);
    if (typeof found === 'object') return found;
    // A guest without a package that only tests need.
    return found === undefined && extras.has(name)
      ? newestFirst(input.offeredToGuest.find(name))[0]
      : undefined;
  };
  const names = [...extras, ...plan.planned.map(({ guest }) => guest.package.name)];
  const packages = withDependencies(names, choose);
  if (packages.length === 0)
    throw new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `no package of ${options.guest.name} can be had`);
  fs.mkdirSync(root, { mode: 0o755 });
  const { signal, onProgress } = options;
  const originals = await makeGuestRoot({ root, packages, offers, signal, onProgress });
  return { root, originals, packages: new Map(packages.map((one) => [one.name, one])) };
}
