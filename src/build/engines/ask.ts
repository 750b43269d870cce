import { isRecord } from '../../core/json.ts';
import { quote } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import type { ProcessResult } from '../../host/processes.ts';

/** Milliseconds; a daemon that takes longer to say its version is not going to build. */
const patienceMs = 20_000;

/** What a command prints; why not, where it fails. */
export function ask(
  { processes }: Pick<Host, 'processes'>,
  command: readonly string[],
): { readonly text: string } | { readonly reason: string } {
  const result = processes.run(command, { environment: { LC_ALL: 'C' }, timeoutMs: patienceMs });
  if (result.exitCode === 0) return { text: result.stdout };
  return { reason: whyNot(command, result) };
}

/** The fields of a JSON object, empty for other texts. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function whyNot(command: readonly string[], { startError, timedOut, stderr }: ProcessResult): string {
  const [program = ''] = command;
  if (startError === 'ENOENT') return `${program} is not installed`;
  if (startError !== undefined) return `${program} cannot be started (${startError})`;
  if (timedOut) return `"${command.join(' ')}" does not answer within ${patienceMs / 1000} s`;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return `"${command.slice(0, 3).join(' ')}" fails: ${quote(last, 200)}`;
}
