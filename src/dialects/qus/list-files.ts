import type { FileStatus } from '../../host/files.ts';
import type { Host } from '../../host/host.ts';

/** What `ls -la` of busybox prints, in UTC and without the names of users but root. */
export function listFiles({ files, clock }: Pick<Host, 'files' | 'clock'>, directory: string): string {
  const names = ['.', '..', ...files.list(directory).toSorted()];
  const lines = names.flatMap((name) => {
    const status = files.linkStatus(name === '.' ? directory : `${directory}/${name}`);
    return status === undefined ? [] : [`${columns(status, clock.now())} ${name}\n`];
  });
  return `total 0\n${lines.join('')}`;
}

function columns({ kind, mode, uid, gid, size, modifiedMs }: FileStatus, now: number): string {
  return [
    `${kinds[kind]}${permissions(mode)}`,
    (kind === 'directory' ? '2' : '1').padStart(4),
    owner(uid),
    owner(gid),
    `${size}`.padStart(9),
    date(modifiedMs, now),
  ].join(' ');
}

const kinds: Readonly<Record<FileStatus['kind'], string>> = {
  file: '-',
  directory: 'd',
  link: 'l',
  other: '?',
};

function permissions(mode: number): string {
  return Array.from('rwxrwxrwx', (letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-')).join('');
}

function owner(id: number): string {
  return (id === 0 ? 'root' : `${id}`).padEnd(8);
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** Milliseconds: of older files the year is shown instead of the time. */
const halfYear = 183 * 24 * 60 * 60 * 1000;

function date(ms: number, now: number): string {
  const time = new Date(ms);
  const two = (value: number): string => `${value}`.padStart(2, '0');
  const clock = `${two(time.getUTCHours())}:${two(time.getUTCMinutes())}`;
  const last = Math.abs(now - ms) > halfYear ? ` ${time.getUTCFullYear()}` : clock;
  return `${months[time.getUTCMonth()] ?? ''} ${`${time.getUTCDate()}`.padStart(2)} ${last}`;
}
