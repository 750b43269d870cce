import { AnyarchError } from '../core/error.ts';
import { isRecord } from '../core/json.ts';
import type { Ensured } from '../private-table/index.ts';
import type { ProcessResult } from '../host/processes.ts';
import type { EngineContext, EngineName, RemovedNow } from './engine.ts';

/** Milliseconds; a cold engine sets its storage up first. */
const timeoutMs = 120_000;

type Parts = Pick<EngineContext, 'host' | 'state' | 'program'>;

/**
 * Has the hook program see to the table of a namespace, with a probe of each architecture.
 *
 * @param enter what a command is put behind that is to run in there: `podman unshare`
 * @throws AnyarchError ANYARCH_ENGINE_FAILED, or what the program throws
 */
export function ensureInside(context: Parts, engine: EngineName, enter: readonly string[]): Ensured {
  const document = runInside(context, engine, enter, ['--probe']);
  if (!isEnsured(document)) throw unreadable(engine, document);
  return document;
}

/** Has the hook program take our entries out of the table of a namespace. @throws AnyarchError as `ensureInside` */
export function removeInside(context: Parts, engine: EngineName, enter: readonly string[]): RemovedNow {
  const { removed } = runInside(context, engine, enter, ['--remove']);
  if (!Array.isArray(removed)) throw unreadable(engine, removed);
  return {
    state: 'done',
    removed: removed.filter((name: unknown): name is string => typeof name === 'string'),
  };
}

function runInside(
  { host, state, program }: Parts,
  engine: EngineName,
  enter: readonly string[],
  words: readonly string[],
): Record<string, unknown> {
  const command = [...enter, program, 'rootless', 'ensure', '--state', state, ...words, '--json'];
  const result = host.processes.run(command, { timeoutMs });
  const document = parseObject(result.stdout);
  const error = document?.['error'];
  if (isRecord(error) && typeof error['message'] === 'string')
    throw new AnyarchError(
      'ANYARCH_ENGINE_FAILED',
      `in ${engine}'s namespace: ${error['message']} [${String(error['code'])}]`,
      typeof error['hint'] === 'string' ? { hint: error['hint'] } : {},
    );
  // What failed for single architectures is in the document.
  if (document === undefined) throw failed(engine, result);
  return document;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isRecord(document) ? document : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isEnsured(document: Record<string, unknown>): document is Record<string, unknown> & Ensured {
  return typeof document['table'] === 'string' && Array.isArray(document['architectures']);
}

function failed(
  engine: EngineName,
  { command, startError, stderr, exitCode, timedOut }: ProcessResult,
): AnyarchError {
  const last = stderr.trim().split('\n').slice(-3).join('; ');
  const reason = timedOut
    ? `it did not end within ${timeoutMs / 1000} s`
    : (startError ?? (last === '' ? `it ended with ${exitCode ?? 'a signal'}` : last));
  return new AnyarchError('ANYARCH_ENGINE_FAILED', `${command.slice(0, 2).join(' ')} failed: ${reason}`, {
    hint: `find out whether ${engine} works by itself: ${engine} info`,
    details: { command: [...command], ...(exitCode === undefined ? {} : { exitCode }) },
  });
}

function unreadable(engine: EngineName, found: unknown): Error {
  return new Error(`what came out of ${engine}'s namespace is no report: ${JSON.stringify(found)}`);
}
