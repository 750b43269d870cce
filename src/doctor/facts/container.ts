import { SystemError } from '../../host/system-error.ts';
import type { Host } from '../../host/host.ts';
import { fact } from '../examination.ts';
import { textOf } from './read-text.ts';

/** Files that container engines put into their containers, the surest first. */
const marks = ['/run/.containerenv', '/.dockerenv', '/run/systemd/container'] as const;

/** What shows that this process is in a container, one clause; undefined where nothing does. */
export const containerMark = fact(({ host }): string | undefined => {
  const mark = marks.find((path) => exists(host, path));
  if (mark !== undefined) return `there is ${mark}`;
  if (host.system.environment['KUBERNETES_SERVICE_HOST'] !== undefined)
    return 'KUBERNETES_SERVICE_HOST is set';
  const named = /(?:^|\0)container=([^\0]+)/.exec(textOf(host, '/proc/1/environ') ?? '')?.[1];
  return named === undefined ? undefined : `the environment of PID 1 says container=${named}`;
});

function exists({ files }: Pick<Host, 'files'>, path: string): boolean {
  try {
    return files.status(path) !== undefined;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
