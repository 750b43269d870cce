import type { Host } from '../../host/host.ts';
import type { InitName } from '../init/init-name.ts';
import type { SystemdFacts } from '../init/systemd.ts';
import { rulesDirectory } from '../places.ts';
import { readBinfmtD } from './binfmt-d.ts';
import type { BootRule } from './boot-rule.ts';
import { readFormats } from './formats.ts';
import { readRules } from './rules.ts';

/** Whose configuration is read at boot. */
export interface BootSources {
  readonly init: InitName;
  readonly systemd: Pick<SystemdFacts, 'hasBinfmt'>;
  /** binfmt-support is installed: it registers what it has after systemd-binfmt (its unit says so), if the name is free. */
  readonly hasFormats: boolean;
}

/** The entries that there are after a boot, the newest first. */
export function tableAfterBoot(host: Pick<Host, 'files'>, sources: BootSources): BootRule[] {
  const table: BootRule[] = [];
  const remove = (name: string): void => {
    const index = table.findIndex(({ rule }) => rule.name === name);
    if (index !== -1) table.splice(index, 1);
  };
  const isFree = (name: string): boolean => !table.some(({ rule }) => rule.name === name);
  const replacing = (rules: readonly BootRule[]): void => {
    for (const one of rules) {
      remove(one.rule.name);
      table.unshift(one);
    }
  };
  const formats = sources.hasFormats ? readFormats(host) : [];
  const addFormats = (): void => {
    for (const one of formats) if (isFree(one.rule.name)) table.unshift(one);
  };
  const own = readRules(host, rulesDirectory);
  const addOwn = (): void => {
    for (const one of own) if (isFree(one.rule.name)) table.unshift(one);
  };

  switch (sources.init) {
    case 'systemd':
      if (sources.systemd.hasBinfmt) replacing(readBinfmtD(host));
      else addOwn();
      addFormats();
      break;
    case 'debian':
      // Under systemd, both run.
      if (sources.systemd.hasBinfmt) replacing(readBinfmtD(host));
      addFormats();
      break;
    case 'openrc':
      // Its own service reads the same directories, in the same order (OpenRC, sh/binfmt.sh); ours comes after it.
      for (const one of readBinfmtD(host)) if (isFree(one.rule.name)) table.unshift(one);
      addFormats();
      addOwn();
      break;
    case 'runit':
      addOwn();
      break;
  }
  return table;
}
