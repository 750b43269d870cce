import { findArchitecture } from '../../core/architecture.ts';
import { chooseEmulator, withKnownAnswers } from '../../emulators/index.ts';
import type { ChooseHost, ChooseOptions, InterposedOf } from '../../emulators/index.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { PlainReason } from '../../interposer/index.ts';
import type { Context } from '../command.ts';
import { interposedEmulators, knownInterposed, plainReason, type PlainOptions } from './interposed.ts';
import { nativeNames } from './obtain.ts';

/** For `--json`: an architecture whose emulator has no interposer, with the reason. */
export interface PlainEmulator extends PlainReason {
  readonly architecture: string;
}

interface InterposeWantedOptions extends PlainOptions {
  readonly 'dry-run'?: boolean;
  /** By which the command chooses, too. */
  readonly choice: ChooseOptions;
}

/**
 * Makes the interposed twins of what a command is about to choose, unless it only prints its plan; what it chooses by
 * itself then finds them.
 *
 * @param names of any kind; what is native or has no emulator is left to the command to report
 */
export async function interposeWanted(
  context: Context,
  names: readonly string[],
  options: InterposeWantedOptions,
): Promise<{ readonly of: InterposedOf; readonly plain: readonly PlainEmulator[] }> {
  const { host } = context;
  if (options['dry-run'] === true) return { of: knownInterposed(context, options), plain: [] };
  const native = await nativeNames(host);
  const targets = [...new Set(names.map((name) => findArchitecture(name).name))];
  const all = plainReason(context, options);
  const choose = (knowing: ChooseHost) =>
    targets
      .filter((target) => !native.has(target))
      .flatMap((target) => chooseEmulator(knowing, target, options.choice).emulator ?? []);
  // Where nothing is made, nothing is left behind either.
  const chosen =
    all === undefined ? withKnownAnswers(host, stateDirectory(host.system), choose) : choose(host);
  const interposed = await interposedEmulators(context, chosen, options, { lasting: true });
  const plain = interposed.flatMap(({ emulator, plain: reason }): PlainEmulator[] =>
    reason === undefined ? [] : [{ architecture: emulator.target, ...(all ?? reason) }],
  );
  return { of: knownInterposed(context, options, { lasting: true }), plain };
}
