import { AnyarchError } from '../core/error.ts';
import type { ErrorCode } from '../core/error-code.ts';
import type { StepEnd } from './run-step.ts';

/** What engines' messages mean, as far as there is another next step than reading them. */
const meanings: readonly { readonly pattern: RegExp; readonly code: ErrorCode; readonly hint: string }[] = [
  {
    pattern: /no space left on device|disk quota exceeded/i,
    code: 'ANYARCH_DISK_FULL',
    hint: "make space where the engine's storage is; its prune command removes what nobody uses",
  },
  {
    pattern: /exec format error/i,
    code: 'ANYARCH_BUILD_PLATFORM',
    hint: 'sudo anyarch register all; for engines without root: anyarch rootless enable',
  },
  {
    pattern:
      /no match for platform|no matching manifest|no image found in (manifest list|image index)|does not match the specified platform|does not provide the specified platform/i,
    code: 'ANYARCH_PLATFORM_NOT_FOUND',
    hint: 'the base image is not there for this platform: anyarch explain IMAGE shows which ones it has',
  },
];

/**
 * @param path what the engine wrote to, beside its own storage
 * @returns undefined for a success
 */
export function failureOf(end: StepEnd, subject: string, path?: string): AnyarchError | undefined {
  const { command, exitCode, signal, startError, tail } = end;
  if (exitCode === 0) return undefined;
  const words = command.slice(0, 2).join(' ');
  if (startError !== undefined)
    return new AnyarchError('ANYARCH_ENGINE_FAILED', `${words} cannot be started: ${startError}`, {
      hint: 'is it still installed?',
    });
  const how = signal === undefined ? `exit code ${exitCode ?? 'unknown'}` : `ended by ${signal}`;
  const found = meanings.find(({ pattern }) => pattern.test(tail));
  return new AnyarchError(found?.code ?? 'ANYARCH_BUILD_FAILED', `${subject}: ${lastLine(tail)} (${how})`, {
    hint: hintFor(found, path),
    details: { command: [...command], exitCode: exitCode ?? -1 },
  });
}

function hintFor(meaning: (typeof meanings)[number] | undefined, path: string | undefined): string {
  if (meaning?.code === 'ANYARCH_DISK_FULL' && path !== undefined)
    return `make space where ${path} is, or choose another place (ANYARCH_HOME, --output)`;
  return meaning?.hint ?? "the engine's own output above says where";
}

/** Engines end with the reason; some with an empty line or a summary of exit codes behind it. */
function lastLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  const said = lines.filter((line) => line !== '');
  const position = said.findLastIndex((line) => /\berror\b|failed|unable|cannot/i.test(line));
  const error = said[position] ?? said.at(-1) ?? 'it said nothing';
  // Several causes stand below a headline.
  return (error.endsWith(':') ? `${error} ${said[position + 1] ?? ''}` : error).slice(0, 400);
}
