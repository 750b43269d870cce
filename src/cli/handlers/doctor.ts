import { absolutePath } from '../../core/absolute-path.ts';
import {
  collectMessage,
  diagnose,
  readMessage,
  repair,
  type Diagnosis,
  type Examination,
  type Fix,
  type Scope,
} from '../../doctor/index.ts';
import type { Context, Handler, Invocation } from '../command.ts';
import type { doctor } from '../commands/doctor.ts';
import { directoryOption } from '../directory-option.ts';
import { readMessageInput } from '../message-input.ts';
import { ownFile } from '../own-package.ts';
import { pageTarget } from './doctor-page-target.ts';
import { doctorOutcome } from '../reports/doctor.ts';
import { formatFixAhead } from '../reports/doctor/fixes.ts';

type Options = Invocation<(typeof doctor)['options']>;

export const handleDoctor: Handler<(typeof doctor)['options']> = async (invocation) => {
  const { options, context } = invocation;
  const { fix = false, strict = false, verbose = false, html } = options;
  const isDryRun = options['dry-run'] === true;
  // Looked at first: nobody is to repair and examine for minutes, and then be told that the path was wrong.
  const page = html === undefined ? undefined : pageTarget(context.host.files, html, process.cwd());
  const asked = await examinationOf(invocation);
  // Facts are looked up once an examination: what is looked at anew is asked anew.
  const examine = (): Promise<Diagnosis> => examineWithProgress({ ...asked }, context);
  const first = await examine();
  const isRoot = context.host.system.uid === 0;
  const repaired =
    fix || isDryRun
      ? await repair(first, {
          examine,
          apply: (one) => applyFix(one, context),
          isRoot,
          isDryRun,
        })
      : { diagnosis: first };
  const pageFailure =
    page === undefined
      ? undefined
      : (await import('./doctor-page.ts')).writePage(page, { ...asked }, repaired);
  return doctorOutcome(repaired.diagnosis, {
    strict,
    verbose,
    style: context.terminal.style,
    columns: Math.min(context.terminal.columns, 110),
    isRoot,
    ...('fixes' in repaired ? { fixes: repaired.fixes } : {}),
    ...(page === undefined ? {} : { html: page.path }),
    ...(pageFailure === undefined ? {} : { pageFailure }),
  });
};

async function examinationOf({ options, positionals, context }: Options): Promise<Examination> {
  const { host, signal, terminal } = context;
  const directory = process.cwd();
  const { image, file, rootfs, error, strict = false } = options;
  const text =
    error === undefined || error === '-'
      ? await readMessageInput({
          isAsked: error === '-',
          collected: collectMessage(),
          signal,
          tell: (told) => {
            terminal.writeError(told);
          },
        })
      : error;
  return {
    host,
    scope: positionals[0] as Scope | undefined,
    image,
    file: file === undefined ? undefined : absolutePath(file, directory),
    root: rootfs === undefined ? '/' : directoryOption(host.files, '--rootfs', rootfs, directory),
    message: text === undefined ? undefined : readMessage(text),
    strict,
  };
}

/** Shows on one line of stderr which check is made; nothing where no person watches. */
async function examineWithProgress(
  examination: Examination,
  { terminal, json, signal }: Context,
): Promise<Diagnosis> {
  if (!terminal.interactive || json) return await diagnose(examination, { signal });
  try {
    return await diagnose(examination, {
      signal,
      onCheck: ({ question }) => {
        terminal.writeError(`\r\x1b[K${question.slice(0, Math.max(terminal.columns - 1, 0))}`);
      },
    });
  } finally {
    terminal.writeError('\r\x1b[K');
  }
}

/** Emulators may have to be fetched. Milliseconds. */
const fixTimeoutMs = 900_000;

/** @returns what the command printed where it failed */
function applyFix(fix: Fix, { host, terminal }: Context): string | undefined {
  terminal.writeError(formatFixAhead(fix));
  const [, ...words] = fix.command;
  // This very anyarch, whichever one the PATH leads to.
  const command = [process.execPath, ownFile('dist/cli/start.cjs'), ...words];
  const result = host.processes.run(command, { timeoutMs: fixTimeoutMs });
  if (result.exitCode === 0) return undefined;
  return `${result.stderr}${result.stdout}`.trim() || `exit code ${String(result.exitCode)}`;
}
