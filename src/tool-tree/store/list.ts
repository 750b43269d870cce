import type { Host } from '../../host/host.ts';
import { toolTreeDirectory } from '../places.ts';
import type { ToolGroup } from '../tool.ts';
import { readPairings, type Pairing } from './pairing.ts';
import { readSetDocument, sizeOfSet, type UsedPackage } from './set-document.ts';

export interface ServedGuest {
  /** For people: `trixie arm64`. */
  readonly name: string;
  /** Debian's name of the architecture. */
  readonly architecture: string;
  readonly suite: string;
  readonly tools: readonly string[];
  /** ISO 8601. */
  readonly madeAt: string;
}

export interface ListedSet {
  readonly set: string;
  readonly group: ToolGroup;
  readonly hostArchitecture: string;
  /** Debian's name, or `any`. */
  readonly guestArchitecture: string;
  /** Bytes. */
  readonly bytes: number;
  /** Of the host's architecture. */
  readonly packages: readonly UsedPackage[];
  readonly guests: readonly ServedGuest[];
  /** Version of anyarch. */
  readonly madeBy: string;
}

/** The sets that serve somebody. What is damaged is not among them; `verify` tells of it. */
export function listTools(host: Pick<Host, 'files'>, state: string): ListedSet[] {
  const bySet = new Map<string, Pairing[]>();
  for (const pairing of readPairings(host.files, state))
    bySet.set(pairing.set, [...(bySet.get(pairing.set) ?? []), pairing]);
  return [...bySet].flatMap(([set, pairings]) => {
    const document = readSetDocument(host.files, `${toolTreeDirectory(state)}/${set}`);
    if (document === undefined) return [];
    const { group, hostArchitecture, guestArchitecture, packages, madeBy } = document;
    const bytes = sizeOfSet(document);
    return [
      {
        set,
        group,
        hostArchitecture,
        guestArchitecture,
        bytes,
        packages,
        guests: pairings.map(servedGuest),
        madeBy,
      },
    ];
  });
}

function servedGuest({ guest, tools, madeAt }: Pairing): ServedGuest {
  return {
    name: guest.name,
    architecture: guest.debian,
    suite: guest.suite,
    tools: tools.map(({ name }) => name),
    madeAt,
  };
}
