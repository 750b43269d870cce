/** What a layer holds at one path. Everything belongs to root and has the same time. */
export type LayerEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | {
      readonly kind: 'file';
      /** Relative, without a leading slash, as in a tar. */
      readonly path: string;
      readonly mode: number;
      readonly content: FileContent;
    }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  /** A second name of a file of the same layer. */
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

export type FileContent =
  | { readonly kind: 'text'; readonly text: string }
  /** Its digest is checked while it is read. */
  | {
      readonly kind: 'disk';
      readonly file: string;
      readonly size: number;
      /** Lower-case hexadecimal. */
      readonly sha256: string;
    };

/**
 * With the directories above each entry, which runtimes would otherwise make with modes of their own, in the one order
 * that every build has. Links stand behind the files that they name.
 */
export function arranged(entries: readonly LayerEntry[]): LayerEntry[] {
  const byPath = new Map<string, LayerEntry>();
  for (const { path } of entries) {
    const parts = path.split('/').slice(0, -1);
    for (let length = 1; length <= parts.length; length++) {
      const directory = parts.slice(0, length).join('/');
      byPath.set(directory, { kind: 'directory', path: directory, mode: 0o755 });
    }
  }
  for (const entry of entries) byPath.set(entry.path, entry);
  const rank = (entry: LayerEntry) => (entry.kind === 'link' ? 1 : 0);
  return [...byPath.values()].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
}

export function directory(path: string, mode = 0o755): LayerEntry {
  return { kind: 'directory', path, mode };
}

export function textFile(path: string, text: string): LayerEntry {
  return { kind: 'file', path, mode: 0o644, content: { kind: 'text', text } };
}
