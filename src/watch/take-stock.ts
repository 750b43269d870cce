import type { Survey } from '../registration/index.ts';
import type { TableTrouble } from './decide.ts';
import type { Memory } from './memory.ts';
import { situationOf, type Situation } from './situation.ts';

export interface Stock {
  readonly situations: readonly Situation[];
  readonly tableTrouble: TableTrouble | undefined;
}

/** What has become of everything that is wanted. */
export function takeStock({ table, entries }: Survey, { wanted, accepted, claimed }: Memory): Stock {
  return {
    situations: wanted.map((one) =>
      situationOf(one, entries, {
        accepted: accepted.get(one.architecture),
        isClaimed: claimed.has(one.architecture),
      }),
    ),
    tableTrouble: tableTroubleOf(table),
  };
}

function tableTroubleOf({ path, state, enabled }: Survey['table']): TableTrouble | undefined {
  if (state !== 'mounted')
    return {
      message: `binfmt_misc is not mounted on ${path} (${state})`,
      next: `mount -t binfmt_misc binfmt_misc ${path}, should that not happen now`,
      isCurable: true,
    };
  // The switch is the administrator's, and concerns everybody's entries.
  if (!enabled)
    return {
      message: `binfmt_misc is switched off as a whole: ${path}/status says disabled`,
      next: `switch it on, for everybody's entries: echo 1 > ${path}/status`,
      isCurable: false,
    };
  return undefined;
}
