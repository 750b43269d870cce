import type { Host } from '../host/host.ts';
import type { ReportedError } from '../registration/index.ts';

/** What went wrong the last time that a hook ran, which itself may not fail. */
export interface HookFailure {
  readonly schema: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly errors: readonly (ReportedError & { readonly architecture?: string })[];
}

export function hookFailurePathIn(state: string): string {
  return `${state}/rootless-failure.json`;
}

/** Undefined where the last hook succeeded, or none ran. A damaged file is told as a failure, too. */
export function readHookFailure(host: Pick<Host, 'files'>, state: string): HookFailure | undefined {
  throw new Error(`not yet: ${host.files.resolve(state)}`);
}
