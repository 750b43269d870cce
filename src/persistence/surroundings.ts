import type { Host } from '../host/host.ts';
import type { Surroundings } from './configuration.ts';
import { entryNames } from '../registration/index.ts';
import type { InitName } from './init/init-name.ts';
import { systemdFacts } from './init/systemd-facts.ts';
import { readBinfmtD, rulesOf } from './order/binfmt-d.ts';
import { readFormats } from './order/formats.ts';
import { ownFiles } from './own-files.ts';

/** @param mounts of `requirePlace` */
export function readSurroundings(
  host: Pick<Host, 'files'>,
  state: string,
  init: InitName,
  mounts: readonly string[],
): Surroundings {
  const own = new Set(ownFiles(host, state).map(({ path }) => path));
  return {
    init,
    systemd: systemdFacts(host, mounts),
    others: rulesOf(readBinfmtD(host)).filter(({ file }) => !own.has(file)),
  };
}

/** Names of entries that others' configuration has: ours take another one. */
export function namesOfOthers(host: Pick<Host, 'files'>, { others }: Surroundings): ReadonlySet<string> {
  const formats = readFormats(host).filter((format) => format.package !== 'anyarch');
  return new Set([...others, ...formats].map(({ rule }) => rule.name));
}

/**
 * The name of an entry at boot.
 *
 * @param now what it is called in the table
 * @param taken `namesOfOthers`
 */
export function nameFor(target: string, now: string | undefined, taken: ReadonlySet<string>): string {
  const { canonical, fallback } = entryNames(target);
  const name = now === fallback ? fallback : canonical;
  return taken.has(name) ? fallback : name;
}
