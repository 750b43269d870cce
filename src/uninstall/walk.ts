import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { foundNothing, leaving, together, type FoundFiles } from './found.ts';
import type { Known } from './known.ts';
import { lockUser, probeUser } from './users.ts';

export interface WalkParts {
  readonly host: Pick<Host, 'files' | 'system'>;
  /** Who may own what is ours. */
  readonly owners: readonly number[];
  /** Whether the directory has files of others, too. */
  readonly isShared: boolean;
  /** Where something is mounted. */
  readonly mounts: readonly string[];
}

interface Within {
  /** Whether what is not ours is reported. */
  readonly tells: boolean;
  readonly isStore: boolean;
}

/** What is in a directory, in the order of `content`. */
export function walk(
  parts: WalkParts,
  directory: string,
  content: readonly Known[],
  within: Within,
): FoundFiles {
  const { files } = parts.host;
  const names = files.list(directory).toSorted();
  const claimed = new Set<string>();
  const ours = content.flatMap((known) =>
    names.flatMap((name): FoundFiles[] => {
      const path = `${directory}/${name}`;
      if (claimed.has(name) || !known.name.test(name)) return [];
      const status = files.linkStatus(path);
      if (status?.kind !== known.kind) return [];
      claimed.add(name);
      if (!parts.owners.includes(status.uid))
        return within.tells ? [leaving(path, 'it belongs to another user')] : [];
      return [take(parts, path, known, within.isStore || known.isStore === true)];
    }),
  );
  const others = within.tells ? names.filter((name) => !claimed.has(name)) : [];
  return together([...ours, ...others.map((name) => leave(parts, `${directory}/${name}`))]);
}

function take(parts: WalkParts, path: string, { content }: Known, isStore: boolean): FoundFiles {
  const mount = parts.mounts.find((point) => point === path || point.startsWith(`${path}/`));
  if (typeof content !== 'string' && mount !== path) {
    const inside = walk(parts, path, content, { tells: true, isStore });
    return together([inside, { ...foundNothing, found: [{ path, kind: 'directory', isStore }] }]);
  }
  if (mount !== undefined) return leaving(path, `something is mounted at ${mount}`);
  if (content === 'document' && parts.isShared && !isDocument(parts, path))
    return leaving(path, 'it is not as anyarch writes it');
  const user = content === 'lock' ? lockUser(parts.host, path) : probeUser(parts.host, path);
  return {
    found: [{ path, kind: content === 'tree' ? 'tree' : 'file', isStore }],
    left: [],
    users: user === undefined ? [] : [user],
  };
}

function leave({ host: { files } }: WalkParts, path: string): FoundFiles {
  const isLink = files.linkStatus(path)?.kind === 'link';
  return leaving(
    path,
    isLink
      ? `it is a link to ${files.readLink(path)}, which anyarch did not make`
      : 'anyarch did not make it',
  );
}

function isDocument({ host: { files } }: WalkParts, path: string): boolean {
  try {
    const document: unknown = JSON.parse(decodeUtf8(files.read(path)));
    return typeof document === 'object' && document !== null && 'schema' in document;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof SystemError) return false;
    throw error;
  }
}
