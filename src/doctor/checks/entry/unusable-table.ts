import type { Examination } from '../../examination.ts';
import { mountState } from '../../facts/mount-state.ts';
import { tableStatus } from '../../facts/status.ts';

/** Why looking at single entries says nothing: what is wrong is wrong with the whole table. Undefined where it is in use. */
export function unusableTable(examination: Examination): string | undefined {
  const { path } = examination.host.binfmt;
  const { after } = mountState(examination);
  if (after !== 'mounted')
    return `${path} is ${after === 'autofs' ? 'an automount point that does not mount' : after}`;
  return tableStatus(examination).table.enabled ? undefined : `${path} is switched off as a whole`;
}
