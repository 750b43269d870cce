import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { parseMounts } from '../host/mounts.ts';
import { ignoring } from '../host/system-error.ts';
import { rootOwners, untrustedAncestor } from '../host/trusted-path.ts';
import { foundNothing, leaving, together, type FoundFiles } from './found.ts';
import type { Place } from './places.ts';
import { directoryAt, isAllOurs, walk } from './walk.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** Follows no links below the directory, and goes nowhere where somebody else could exchange what is looked at. */
export function findFiles(host: Parts, { directory, content, isOurs, isChosen = false }: Place): FoundFiles {
  const { files } = host;
  const kind = ignoring(['EACCES', 'ELOOP'], () => files.linkStatus(directory))?.kind;
  if (kind !== 'directory' && kind !== 'link') return foundNothing;
  const root = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => files.resolve(directory));
  if (root === undefined || files.status(root)?.kind !== 'directory') return foundNothing;
  const canList = ignoring(['EACCES'], () => files.list(root)) !== undefined;
  if (!canList) return isOurs ? leaving(directory, 'it may not be looked into') : foundNothing;
  const distrust = isOurs ? whyNot(host, root) : undefined;
  if (distrust !== undefined) return leaving(directory, `${distrust}, who could exchange what is there`);
  // Where everybody has files, those of root are of other commands, and nobody else can remove them.
  const owners = [host.system.uid, ...(isOurs ? rootOwners(files) : [])];
  const isShared = isChosen && !isAllOurs(host, root, content);
  const place = isOurs ? root : undefined;
  const inside = walk({ host, owners, isShared, mounts: mountPoints(host), place }, root, content, {
    tells: isOurs,
    isStore: false,
  });
  if (!isOurs || (isShared && inside.found.length === 0)) return inside;
  return together([
    inside,
    kind === 'link'
      ? leaving(directory, `it is a link to ${root}, which anyarch did not make`)
      : directoryAt(root, { isStore: false, place }),
  ]);
}

/** Undefined where nobody but root and us can put something else in a path's place. */
function whyNot({ files, system }: Parts, path: string): string | undefined {
  const trusted = [system.uid, ...rootOwners(files)];
  const owner = files.linkStatus(path);
  if (owner === undefined || !trusted.includes(owner.uid)) return `${path} belongs to another user`;
  return untrustedAncestor(files, path, trusted);
}

function mountPoints({ files }: Parts): string[] {
  const table = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.read('/proc/self/mountinfo'));
  return table === undefined ? [] : parseMounts(decodeUtf8(table)).map(({ point }) => point);
}
