import { commandLine } from '../core/command-line.ts';
import { printableJson } from '../core/printable.ts';
import { nodeHost } from '../host/node/node-host.ts';
import { SystemError } from '../host/system-error.ts';
import { cancellation } from './cancellation.ts';
import type { Handler, OptionDefinition, Outcome } from './command.ts';
import { commands } from './commands/index.ts';
import { commandHelp, groupHelp, overview } from './help.ts';
import { handlers } from './handlers/index.ts';
import { ownVersion } from './own-package.ts';
import { membersOf, parseCommandLine } from './parse.ts';
import type { ParsedCommandLine } from './parse.ts';
import { outputFailure } from './output-failure.ts';
import { errorOutcome } from './report-error.ts';
import { plain } from './style.ts';
import { openTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** @returns the exit code */
export async function main(words: readonly string[]): Promise<number> {
  restoreEnvironment();
  const terminal = openTerminal(process.stdout, process.stderr, process.env);
  const debug = (process.env['ANYARCH_DEBUG'] ?? '') !== '';
  let json = words.includes('--json');
  try {
    const parsed = parseCommandLine(words, commands);
    json = parsed.json;
    return print(await carryOut(parsed, words, terminal), json, terminal);
  } catch (error) {
    const { errorText, ...outcome } = asGuestOutcome(words, errorOutcome(error, { debug }));
    return print(json ? outcome : { exitCode: outcome.exitCode, errorText }, json, terminal);
  }
}

/** Like docker: 125 says that anyarch itself failed, so that no code of the guest's can be mistaken for it. */
function asGuestOutcome<T extends Outcome>(words: readonly string[], outcome: T): T {
  const command = commands.find(({ name }) => [words[0], words.slice(0, 2).join(' ')].includes(name));
  const runsGuest = command !== undefined && 'passThrough' in command && command.passThrough;
  return runsGuest ? { ...outcome, exitCode: 125 } : outcome;
}

async function carryOut(
  parsed: ParsedCommandLine,
  words: readonly string[],
  terminal: Terminal,
): Promise<Outcome> {
  const { command } = parsed;
  if (parsed.version)
    return {
      exitCode: 0,
      text: `anyarch ${ownVersion()}\n`,
      document: { schema: 'anyarch/version/1', version: ownVersion() },
    };
  const style = parsed.json ? plain : terminal.style;
  if (parsed.group !== undefined)
    return helpOutcome(groupHelp(parsed.group, membersOf(parsed.group, commands), style), parsed.group);
  if (command === undefined) return helpOutcome(overview(commands, style));
  if (parsed.help)
    return helpOutcome(commandHelp(command, membersOf(command.name, commands), style), command.name);
  const handler = await loadHandler(command.name);
  const cancel = cancellation();
  try {
    return await handler({
      options: parsed.options,
      positionals: parsed.positionals,
      context: {
        host: nodeHost({ system: { command: commandLine(ownVersion(), words) } }),
        terminal,
        json: parsed.json,
        signal: cancel.signal,
        handOverSignals: () => {
          cancel.release();
        },
      },
    });
  } finally {
    cancel.release();
  }
}

function helpOutcome(text: string, command?: string): Outcome {
  return {
    exitCode: 0,
    text,
    document: { schema: 'anyarch/help/1', ...(command === undefined ? {} : { command }), text },
  };
}

/** The parser has checked the options against the same definitions that the handler's type is made from. */
async function loadHandler(name: string): Promise<Handler<Record<string, OptionDefinition>>> {
  const load = (handlers as Readonly<Record<string, () => Promise<unknown>>>)[name];
  if (load === undefined) throw new Error(`no handler for the command ${name}`);
  return (await load()) as Handler<Record<string, OptionDefinition>>;
}

/** @returns the exit code: a result that did not get through is none */
function print({ exitCode, document, text, errorText }: Outcome, json: boolean, terminal: Terminal): number {
  if (errorText !== undefined) terminal.writeError(errorText);
  const result =
    json && document !== undefined ? `${printableJson(JSON.stringify(document, null, 2))}\n` : text;
  if (result === undefined) return exitCode;
  try {
    terminal.writeResult(result);
    return exitCode;
  } catch (error) {
    // `anyarch status | head -1` ends quietly.
    if (error instanceof SystemError && error.errno === 'EPIPE') return 141;
    const failure = errorOutcome(outputFailure(error), { debug: false });
    terminal.writeError(failure.errorText);
    return failure.exitCode;
  }
}

/** bin/anyarch took the variable away to start quicker; guests and child processes get it back. */
function restoreEnvironment(): void {
  const certificates = process.env['ANYARCH_CA_CERTS'];
  if (certificates !== undefined) process.env['NODE_EXTRA_CA_CERTS'] ??= certificates;
}
