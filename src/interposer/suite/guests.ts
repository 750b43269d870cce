import type { Architecture } from '../../core/architecture.ts';
import { formatFlags, type Flags } from '../../core/flags.ts';
import { formatRule } from '../../core/rule.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { runGuest } from '../../run/index.ts';
import type { Tried } from './outputs.ts';

/** What the guests are tried in. */
export interface Trial {
  readonly architecture: Architecture;
  readonly kind: 'all' | 'usual' | 'probes';
  /** A directory of ours, fresh, that guests can write to. */
  readonly directory: string;
  /** For `runGuest`. */
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** The programs of `native/guests`. */
export interface GuestPrograms {
  readonly fixed: string;
  readonly moving: string;
}

const none: Flags = { fixBinary: false, credentials: false, openBinary: false, preserveArgv0: false };
/** What `register` makes; the rule that `run` makes has all flags. */
const usualRounds: readonly Flags[] = [
  { ...none, fixBinary: true },
  { ...none, fixBinary: true, preserveArgv0: true },
];
const otherRounds: readonly Flags[] = [
  none,
  { ...none, fixBinary: true, openBinary: true },
  { ...none, fixBinary: true, openBinary: true, preserveArgv0: true },
  { ...none, fixBinary: true, credentials: true, openBinary: true, preserveArgv0: true },
];

/** `undefined`: the package has none for that target. */
export function guestPrograms(
  { files }: Pick<Host, 'files'>,
  build: string,
  target: string,
): GuestPrograms | undefined {
  const programs = { fixed: `${build}/guests/${target}/fixed`, moving: `${build}/guests/${target}/moving` };
  const isThere = (path: string) => files.status(path)?.kind === 'file';
  return isThere(programs.fixed) && isThere(programs.moving) ? programs : undefined;
}

/**
 * Executes the guests under an emulator, in a namespace of its own.
 *
 * @throws AnyarchError ANYARCH_NAMESPACE, ANYARCH_RUN_SETUP where no guest can be run at all
 */
export async function tryGuests(
  host: Host,
  emulator: Emulator,
  programs: GuestPrograms,
  { architecture, kind, directory, scratch, signal }: Trial,
): Promise<Tried> {
  host.files.makeDirectory(directory, 0o755);
  const rules = [...usualRounds, ...(kind === 'all' ? otherRounds : [])]
    .filter((flags) => emulator.preservesArgv0 || !flags.preserveArgv0)
    .flatMap((flags) => [formatFlags(flags), ruleText(architecture, emulator, flags)]);
  const { fixed, moving } = programs;
  let text = '';
  const take = (chunk: Uint8Array) => {
    text += Buffer.from(chunk).toString('latin1');
  };
  const { exitCode } = await runGuest(host, {
    emulated: [{ architecture, emulator }],
    root: { kind: 'host' },
    command: [fixed, 'suite', directory, fixed, moving, ...rules],
    binds: [],
    environment: [],
    workingDirectory: '/',
    scratch,
    output: { stdout: take, stderr: take },
    signal,
  });
  // What has to differ between the two: where the emulator lies, and where the guests write to.
  return { text: text.replaceAll(emulator.path, 'EMULATOR').replaceAll(directory, 'DIRECTORY'), exitCode };
}

function ruleText({ magic, mask, offset }: Architecture, { path }: Emulator, flags: Flags): string {
  const rule = { name: 'suite', kind: 'magic', offset, magic, mask, interpreter: path, flags } as const;
  return decodeUtf8(formatRule(rule));
}
