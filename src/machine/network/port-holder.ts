import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';

/** A process that listens. */
export interface PortHolder {
  readonly pid: number;
  /** Its command line. */
  readonly command: string;
}

type Parts = Pick<Files, 'read' | 'list' | 'readLink'>;

/** What must not be looked at, or has just gone, tells nothing. */
const untold = ['ENOENT', 'EACCES', 'EPERM', 'ESRCH', 'ENOTDIR'];

/**
 * Who listens on a port of this machine, at whatever address; undefined where that cannot be seen: other users'
 * descriptors are for root only.
 */
export function findPortHolder(files: Parts, protocol: 'tcp' | 'udp', port: number): PortHolder | undefined {
  const inodes = new Set(
    [protocol, `${protocol}6`].flatMap((name) =>
      listeners(ignoring(untold, () => decodeUtf8(files.read(`/proc/net/${name}`))) ?? '', port),
    ),
  );
  if (inodes.size === 0) return undefined;
  const links = new Set([...inodes].map((inode) => `socket:[${inode}]`));
  for (const name of ignoring(untold, () => files.list('/proc')) ?? []) {
    if (!/^\d+$/.test(name)) continue;
    const descriptors = ignoring(untold, () => files.list(`/proc/${name}/fd`)) ?? [];
    const isHolder = descriptors.some((descriptor) =>
      links.has(ignoring(untold, () => files.readLink(`/proc/${name}/fd/${descriptor}`)) ?? ''),
    );
    if (!isHolder) continue;
    const words = ignoring(untold, () => decodeUtf8(files.read(`/proc/${name}/cmdline`))) ?? '';
    return { pid: Number(name), command: words.replaceAll('\0', ' ').trim() };
  }
  return undefined;
}

/** Inodes of sockets that listen on a port: TCP in state 0A, UDP ones that are connected to nothing (07). */
export function listeners(text: string, port: number): number[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state = '', , , , , , inode = ''] = line.trim().split(/\s+/);
    return local.endsWith(`:${wanted}`) && (state === '0A' || state === '07') ? [Number(inode)] : [];
  });
}
