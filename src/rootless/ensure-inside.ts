import { AnyarchError } from '../core/error.ts';
import { isRecord, parseJson } from '../core/json.ts';
import type { Ensured } from '../private-table/index.ts';
import type { ProcessResult } from '../host/processes.ts';
import type { EngineContext, EngineName, RemovedNow } from './engine.ts';

/** Milliseconds; a cold engine sets its storage up first. */
const timeoutMs = 120_000;

type Parts = Pick<EngineContext, 'host' | 'state' | 'program'>;

/**
 * Has the hook program see to the table of a namespace, with a probe of each architecture.
 *
 * @param engine whose namespace it is, for messages
 * @param enter what a command is put behind that is to run in there: `podman unshare`
 * @throws AnyarchError ANYARCH_ENGINE_FAILED, or what the program throws
 */
export function ensureInside(
  context: Parts,
  engine: EngineName | 'nobody',
  enter: readonly string[],
): Ensured {
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
  engine: EngineName | 'nobody',
  enter: readonly string[],
  words: readonly string[],
): Record<string, unknown> {
  const command = [...enter, program, 'rootless', 'ensure', '--state', state, ...words, '--json'];
  const result = host.processes.run(command, { timeoutMs, environment: local });
  const document = parseObject(result.stdout);
  const error = document?.['error'];
  if (isRecord(error) && typeof error['message'] === 'string')
    throw new AnyarchError(
      'ANYARCH_ENGINE_FAILED',
      `in ${engine}'s namespace: ${error['message']} [${String(error['code'])}]`,
      typeof error['hint'] === 'string' ? { hint: error['hint'] } : {},
    );
  // What failed for single architectures is in the document.
  if (document === undefined) throw failed(engine, result, unusable(host, program));
  return document;
}

/** Podman as a client of a service enters no namespace. */
const local = { CONTAINER_HOST: undefined, CONTAINER_CONNECTION: undefined };

/** Podman's complaints of its own files come first, on the same stream. */
function parseObject(text: string): Record<string, unknown> | undefined {
  const document = parseJson(text.slice(Math.max(0, text.search(/^\{/m))));
  return isRecord(document) ? document : undefined;
}

function isEnsured(document: Record<string, unknown>): document is Record<string, unknown> & Ensured {
  return typeof document['table'] === 'string' && Array.isArray(document['architectures']);
}

/** Why the hook program cannot have been what failed inside: it fails outside, too. */
function unusable({ processes }: Pick<EngineContext, 'host'>['host'], program: string): string | undefined {
  const { exitCode, startError } = processes.run([program, '--version'], { timeoutMs: 10_000 });
  return exitCode === 0 ? undefined : `${program} does not run (${startError ?? `exit code ${exitCode}`})`;
}

function failed(
  engine: EngineName | 'nobody',
  { command, startError, stdout, stderr, exitCode, timedOut }: ProcessResult,
  ofProgram: string | undefined,
): AnyarchError {
  const last = `${stdout.trim()}\n${stderr.trim()}`.trim().split('\n').slice(-3).join('; ');
  const reason = timedOut
    ? `it did not end within ${timeoutMs / 1000} s`
    : (startError ?? (last === '' ? `it ended with ${exitCode ?? 'a signal'}` : last));
  const details = { command: [...command], ...(exitCode === undefined ? {} : { exitCode }) };
  if (ofProgram !== undefined)
    return new AnyarchError('ANYARCH_ENGINE_FAILED', `in ${engine}'s namespace: ${ofProgram}`, {
      hint: 'anyarch rootless enable writes it anew; entries go with the namespace in any case',
      details,
    });
  return new AnyarchError('ANYARCH_ENGINE_FAILED', `${command.slice(0, 2).join(' ')} failed: ${reason}`, {
    hint: `find out whether ${engine} works by itself: ${engine} info`,
    details,
  });
}

function unreadable(engine: string, found: unknown): Error {
  return new Error(`what came out of ${engine}'s namespace is no report: ${JSON.stringify(found)}`);
}
