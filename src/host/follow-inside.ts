import type { Files } from './files.ts';
import { ignoring } from './system-error.ts';

/** How many links the kernel follows (include/linux/namei.h). */
const mostLinks = 40;

/**
 * The path on the host of a file of another root, its links taken as a guest takes them: absolute ones and `..` stay
 * inside. Undefined where the guest finds nothing, or may not look.
 *
 * @param root absolute path
 * @param path as the guest names it
 */
export function followInside(
  files: Pick<Files, 'linkStatus' | 'readLink'>,
  root: string,
  path: string,
): string | undefined {
  const above = root.replace(/\/+$/, '');
  let todo = partsOf(path);
  let done: string[] = [];
  for (let links = 0; todo.length > 0;) {
    const [part = '', ...rest] = todo;
    todo = rest;
    if (part === '.') continue;
    if (part === '..') {
      done = done.slice(0, -1);
      continue;
    }
    const here = `${above}/${[...done, part].join('/')}`;
    const status = ignoring(['EACCES'], () => files.linkStatus(here));
    if (status === undefined) return undefined;
    if (status.kind !== 'link') {
      done.push(part);
      continue;
    }
    links += 1;
    if (links > mostLinks) return undefined;
    const target = files.readLink(here);
    if (target.startsWith('/')) done = [];
    todo = [...partsOf(target), ...todo];
  }
  return `${above}/${done.join('/')}`;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
