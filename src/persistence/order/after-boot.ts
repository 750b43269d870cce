import type { Host } from '../../host/host.ts';
import { systemDirectory } from '../../host/system-directory.ts';
import type { Rule } from '../../core/rule.ts';
import type { InitName } from '../init/init-name.ts';
import type { SystemdFacts } from '../init/systemd.ts';
import { rulesDirectory } from '../places.ts';
import { readBinfmtD, type BinfmtDLine } from './binfmt-d.ts';
import type { BootRule } from './boot-rule.ts';
import { readFormats } from './formats.ts';
import { readRules } from './rules.ts';

/** Whose configuration is read at boot. */
export interface BootSources {
  readonly init: InitName;
  readonly systemd: Pick<SystemdFacts, 'hasBinfmt'>;
  /** binfmt-support is installed: it registers what it has after systemd-binfmt (its unit says so), if the name is free. */
  readonly hasFormats: boolean;
  /** Something calls our shell program. */
  readonly hasOwn: boolean;
}

/** The entries that there are after a boot, the newest first. */
export function tableAfterBoot(host: Pick<Host, 'files'>, sources: BootSources): BootRule[] {
  const table: BootRule[] = [];
  const find = (name: string) => table.find(({ rule }) => rule.name === name);
  const remove = (name: string): void => {
    const index = table.findIndex(({ rule }) => rule.name === name);
    if (index !== -1) table.splice(index, 1);
  };
  const add = (one: BootRule): void => {
    if (find(one.rule.name) === undefined && isTaken(host, one.rule)) table.unshift(one);
  };
  const readByOpenrc = ({ file, rule }: BinfmtDLine): void => {
    if (rule !== undefined) add({ file, rule });
  };
  const readBySystemd = (line: BinfmtDLine): void => {
    remove(line.name);
    readByOpenrc(line);
  };
  const addFormats = (): void => {
    if (sources.hasFormats) readFormats(host).forEach(add);
  };
  // It registers anew what is ours.
  const addOwn = (): void => {
    if (!sources.hasOwn) return;
    for (const one of readRules(host, rulesDirectory)) {
      if (find(one.rule.name)?.rule.interpreter.startsWith(`${systemDirectory}/`) === true)
        remove(one.rule.name);
      add(one);
    }
  };

  switch (sources.init) {
    case 'systemd':
      if (sources.systemd.hasBinfmt) readBinfmtD(host).forEach(readBySystemd);
      addOwn();
      addFormats();
      break;
    case 'debian':
      // Under systemd, both run.
      if (sources.systemd.hasBinfmt) readBinfmtD(host).forEach(readBySystemd);
      addFormats();
      break;
    case 'openrc':
      // Its own service reads the same directories, in the same order (OpenRC, sh/binfmt.sh); ours comes after it.
      readBinfmtD(host).forEach(readByOpenrc);
      addFormats();
      addOwn();
      break;
    case 'runit':
      addOwn();
      break;
  }
  return table;
}

/** Whether the kernel takes it: these names are its own files', and with flag F it opens the interpreter at once. */
function isTaken({ files }: Pick<Host, 'files'>, { name, interpreter, flags }: Rule): boolean {
  if (name === 'register' || name === 'status') return false;
  return !flags.fixBinary || files.isExecutable(interpreter);
}
