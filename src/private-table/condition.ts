import type { Host } from '../host/host.ts';

/** Something that private tables, or all ids of a user in them, cannot do without. */
export interface Condition {
  /**
   * `user-namespaces`, `binfmt-misc`, `kernel`: for every private table; `id-map-programs`, `subordinate-ids`,
   * `mapped-ids`: for more than one id in it; `enough-ids`: for images with owners of all usual ids.
   */
  readonly id: ConditionId;
  /** Undefined where it cannot be told, mostly because one before it does not hold. */
  readonly holds: boolean | undefined;
  /** What was looked at and found, one clause. */
  readonly evidence: string;
  /** What to do where it does not hold. */
  readonly remedy?: string;
}

export type ConditionId =
  | 'user-namespaces'
  | 'binfmt-misc'
  | 'kernel'
  | 'id-map-programs'
  | 'subordinate-ids'
  | 'mapped-ids'
  | 'enough-ids';

export type ConditionHost = Pick<Host, 'files' | 'system' | 'clock' | 'processes'>;
