import { fact } from '../examination.ts';
import { pathExists } from './path-exists.ts';
import { textOf } from './read-text.ts';

/** Files that container engines put into their containers, the surest first. */
const marks = ['/run/.containerenv', '/.dockerenv', '/run/systemd/container'] as const;

/** What shows that this process is in a container, one clause; undefined where nothing does. */
export const containerMark = fact(({ host }): string | undefined => {
  const mark = marks.find((path) => pathExists(host, path));
  if (mark !== undefined) return `there is ${mark}`;
  if (host.system.environment['KUBERNETES_SERVICE_HOST'] !== undefined)
    return 'KUBERNETES_SERVICE_HOST is set';
  const named = /(?:^|\0)container=([^\0]+)/.exec(textOf(host, '/proc/1/environ') ?? '')?.[1];
  return named === undefined ? undefined : `the environment of PID 1 says container=${named}`;
});
