import { compareBytes, isoNames, jolietNames } from './names.ts';
import type { IsoDirectory, NamedFile } from './tree.ts';

export type Flavour = 'joliet' | 'rock-ridge';

/** A directory as one of the two hierarchies of a volume has it. */
export interface PlannedDirectory {
  /** As it was given; empty for the root. */
  readonly name: string;
  readonly identifier: Uint8Array;
  /** Position in the plan; the root is its own parent. */
  readonly parent: number;
  readonly children: readonly PlannedChild[];
}

export type PlannedChild = { readonly identifier: Uint8Array } & (
  | {
      readonly kind: 'directory';
      /** Position in the plan. */ readonly directory: number;
      readonly name: string;
    }
  | ({ readonly kind: 'file' } & NamedFile)
);

/** The directories in the order of path tables: by level, then by parent, then by identifier. */
export function planDirectories(root: IsoDirectory, flavour: Flavour): PlannedDirectory[] {
  const waiting: Waiting[] = [{ source: root, identifier: Uint8Array.of(0), parent: 0 }];
  const planned: PlannedDirectory[] = [];
  // Directories that are met on the way are appended, so that it goes level by level.
  for (const [own, { source, identifier, parent }] of waiting.entries()) {
    const children = identified(source, flavour).sort((a, b) => compareBytes(a.identifier, b.identifier));
    planned.push({
      name: source.name,
      identifier,
      parent,
      children: children.map((child): PlannedChild => {
        if (child.kind === 'file') return child;
        waiting.push({ source: child.source, identifier: child.identifier, parent: own });
        return {
          kind: 'directory',
          identifier: child.identifier,
          name: child.source.name,
          directory: waiting.length - 1,
        };
      }),
    });
  }
  return planned;
}

interface Waiting {
  readonly source: IsoDirectory;
  readonly identifier: Uint8Array;
  readonly parent: number;
}

type Child = { readonly identifier: Uint8Array } & (
  { readonly kind: 'directory'; readonly source: IsoDirectory } | ({ readonly kind: 'file' } & NamedFile)
);

function identified({ directories, files }: IsoDirectory, flavour: Flavour): Child[] {
  const directoryNames = directories.map(({ name }) => name);
  const fileNames = files.map(({ name }) => name);
  // In Joliet nothing but the name itself tells files from directories.
  const identifiers =
    flavour === 'joliet'
      ? jolietNames([...directoryNames, ...fileNames])
      : [...isoNames(directoryNames, 'directory'), ...isoNames(fileNames, 'file')];
  const at = (index: number): Uint8Array => identifiers[index] ?? new Uint8Array();
  return [
    ...directories.map((source, index) => ({ kind: 'directory' as const, source, identifier: at(index) })),
    ...files.map((file, index) => ({
      kind: 'file' as const,
      ...file,
      identifier: at(directories.length + index),
    })),
  ];
}
