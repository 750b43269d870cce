import type { Offers } from '../../debian/index.ts';
import type { PlanInput, PlannedTool, ToolPlan } from '../plan/plan-tools.ts';
import type { PackageSide } from '../plan/side.ts';
import type { ToolGroup } from '../tool.ts';
import type { PrepareOptions } from './options.ts';

/** All that making sets needs to know. */
export interface Making {
  readonly options: PrepareOptions;
  readonly offers: Offers;
  readonly sides: { readonly guest: PackageSide; readonly host: PackageSide };
  readonly input: PlanInput;
  readonly plan: ToolPlan;
  readonly requestKey: string;
}

/** What one set is made of. */
export interface SetPlan {
  readonly group: ToolGroup;
  /** Debian's name, or `any`. */
  readonly guestArchitecture: string;
  readonly planned: readonly PlannedTool[];
}
