import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { setsFiles, toolSetsDirectory, toolTreeDirectory } from '../places.ts';
import { settleTree } from '../store/settle.ts';
import { pairingPath, type Pairing } from '../store/pairing.ts';
import { encodeDocument, type SetDocument } from '../store/set-document.ts';
import { labelForContainers } from '../store/label.ts';
import { stampSet } from '../store/stamps.ts';
import { digestOfValue } from './digest.ts';
import type { Making, SetPlan } from './making.ts';
import type { PreparedGuest } from './prepare-guest.ts';
import type { TestedPaired } from './test-tools.ts';
import { usedPackages } from './write-programs.ts';

/**
 * Puts a set into the tree and what it serves beside it: the set by one rename, then the pairing, then the recipes. Killed
 * between any two of them, the tree is as before for whoever uses it.
 *
 * @param made where a new set is; undefined when it is in the tree already
 * @returns the pairing's key
 */
export function installSet(
  host: Host,
  making: Making,
  plan: SetPlan,
  guest: PreparedGuest,
  document: SetDocument,
  made: string | undefined,
  tools: readonly TestedPaired[],
): string {
  const { options, sides } = making;
  const { files, clock } = host;
  const { state } = options;
  const packages = usedPackages([...guest.packages.values()].filter(({ name }) => isOfTools(name, plan)));
  const key = digestOfValue({
    group: plan.group,
    guestArchitecture: plan.guestArchitecture,
    guest: sides.guest.debian,
    packages: packages.map(({ sha256 }) => sha256),
  }).slice(0, 16);
  const { name, debian, distribution, suite, installed } = options.guest;
  const pairing: Pairing = {
    schema: 'anyarch/tool-pairing/2',
    key,
    set: document.id,
    group: plan.group,
    guest: {
      name,
      debian,
      distribution,
      suite,
      ...(installed === undefined ? {} : { installed: Object.fromEntries(installed) }),
    },
    packages,
    tools: tools.map(({ paired, test }) => ({
      ...paired,
      ...(test.emulatedMs === undefined ? {} : { emulatedMs: test.emulatedMs }),
      ...(test.nativeMs === undefined ? {} : { nativeMs: test.nativeMs }),
      ...(test.startUp === undefined ? {} : { startUp: test.startUp }),
      ...(test.executions === undefined ? {} : { executions: test.executions }),
    })),
    madeAt: new Date(clock.now()).toISOString(),
  };
  const place = `${toolTreeDirectory(state)}/${document.id}`;
  if (made !== undefined) {
    labelForContainers(host, made);
    files.rename(made, place);
  }
  const [damage] = stampSet(host, state, document);
  if (damage !== undefined)
    throw new AnyarchError(
      'ANYARCH_STATE_INVALID',
      `the set ${document.id} was changed meanwhile: ${damage}`,
      {
        hint: 'anyarch accelerate verify --repair',
        details: { path: place },
      },
    );
  files.makeDirectory(`${toolSetsDirectory(state)}/${setsFiles.pairings}`, 0o755);
  files.writeAtomic(pairingPath(state, key), encodeDocument(pairing), 0o644);
  settleTree(host, state);
  return key;
}

/** The packages that its programs and their libraries may be from; the others are for tests. */
function isOfTools(name: string, { planned }: SetPlan): boolean {
  return planned.some(({ guest }) => guest.package.name === name || guest.package.depends.includes(name));
}
