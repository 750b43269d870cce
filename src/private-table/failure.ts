import { fields, listOf, ofType, oneOf } from '../core/document-shape.ts';
import { AnyarchError } from '../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

export interface FailureOfHook {
  /** QEMU's target name, where it is one architecture's. */
  readonly architecture?: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** What went wrong the last time that a hook ran, which itself may not fail. */
export interface HookFailure {
  readonly schema: 1;
  /** ISO 8601. */
  readonly at: string;
  readonly errors: readonly FailureOfHook[];
}

type Parts = Pick<Host, 'files'>;

export function hookFailurePathIn(state: string): string {
  return `${state}/rootless-failure.json`;
}

const text = ofType('string');

const shape = fields({
  schema: oneOf(1),
  at: text,
  errors: listOf(fields({ 'architecture?': text, code: text, message: text, 'hint?': text })),
});

/** Undefined where the last hook succeeded, or none ran. @throws AnyarchError ANYARCH_STATE_INVALID */
export function readHookFailure({ files }: Parts, state: string): HookFailure | undefined {
  const path = hookFailurePathIn(state);
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  if (bytes === undefined) return undefined;
  const document = parseOrUndefined(decodeUtf8(bytes));
  if (shape(document, '') === undefined) return document as HookFailure;
  throw new AnyarchError('ANYARCH_STATE_INVALID', `cannot read what went wrong in a hook, ${path}`, {
    hint: `remove it, the next hook writes it anew: rm ${path}`,
    details: { path },
  });
}

/**
 * The former document stays until the new one is complete; where nothing went wrong, there is none. The directory is never
 * made: where it is gone, a hook is the last of what was disabled.
 *
 * @throws SystemError
 */
export function recordHookFailure(
  { files, clock }: Pick<Host, 'files' | 'clock'>,
  state: string,
  errors: readonly FailureOfHook[],
): void {
  const path = hookFailurePathIn(state);
  if (errors.length === 0) {
    if (files.linkStatus(path) !== undefined) files.remove(path);
    return;
  }
  const failure: HookFailure = { schema: 1, at: new Date(clock.now()).toISOString(), errors };
  files.writeAtomic(path, encodeUtf8(`${JSON.stringify(failure, undefined, 2)}\n`), 0o600);
}

function parseOrUndefined(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
