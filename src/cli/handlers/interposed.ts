import { lookUpArchitecture } from '../../core/architecture.ts';
import type { Emulator, InterposedOf } from '../../emulators/index.ts';
import { chooseEmulator } from '../../emulators/index.ts';
import { findInterposed, interpose, interposedOf, isWorthTelling } from '../../interposer/index.ts';
import type { Interposed, PlainReason } from '../../interposer/index.ts';
import type { Context } from '../command.ts';
import { ownFile } from '../own-package.ts';

/** Options that say whether emulators are to be interposed ones. */
export interface PlainOptions {
  readonly plain?: boolean;
  readonly qemu?: string;
}

/** What lasts is hashed, and worth trying again where it failed before; a run has no time for it. */
export interface Lasting {
  readonly lasting?: boolean;
}

/** What is used in the place of chosen emulators; made and proven where that was not done before. */
export async function interposedEmulators(
  context: Context,
  emulators: readonly Emulator[],
  options: PlainOptions,
  { lasting = false }: Lasting = {},
): Promise<readonly Interposed[]> {
  const plain = plainReason(context, options);
  if (plain !== undefined) return emulators.map((emulator) => ({ emulator, plain }));
  const { host, signal } = context;
  const build = ownFile('build');
  const found = emulators.map((emulator) => findInterposed(host, emulator, { build, lasting }));
  const missing = emulators.filter((_, index) => found[index] === undefined);
  if (missing.length === 0) return found.filter((one) => one !== undefined);
  const names = missing.map(({ target }) => lookUpArchitecture(target)?.debian[0] ?? target);
  host.log.info(`putting the interposer into the emulators for ${names.join(', ')}, and trying them (once)`);
  const made = await interpose(host, missing, { build, signal, lasting });
  for (const { emulator, plain: reason } of made)
    if (reason !== undefined && isWorthTelling(reason))
      host.log.warn(`QEMU for ${emulator.target} is used without the interposer: ${reason.reason}`);
  const rest = [...made];
  return found.map((one, index) => {
    const result = one ?? rest.shift();
    if (result === undefined) throw new Error(`no result for ${emulators[index]?.path ?? 'nothing'}`);
    return result;
  });
}

/** For what chooses by itself: what was made before, unless the original is wanted. */
export function knownInterposed(
  context: Context,
  options: PlainOptions,
  { lasting = false }: Lasting = {},
): InterposedOf {
  return plainReason(context, options) === undefined
    ? interposedOf(context.host, { build: ownFile('build'), lasting })
    : (emulator) => originalOf(context, emulator);
}

/** The copy that is registered at boot may be an interposed one, and is found first. */
function originalOf({ host }: Context, emulator: Emulator): Emulator {
  if (emulator.interposed === undefined) return emulator;
  return chooseEmulator(host, emulator.target, { persisted: false }).emulator ?? emulator;
}

/** Why none of the emulators is to be an interposed one. */
export function plainReason({ host }: Context, { plain, qemu }: PlainOptions): PlainReason | undefined {
  if (plain === true) return { code: 'asked', reason: '--plain' };
  const variable = host.system.environment['ANYARCH_PLAIN'];
  if (variable !== undefined && variable !== '' && variable !== '0')
    return { code: 'asked', reason: `ANYARCH_PLAIN=${variable}` };
  // Who names one file wants to see that one run: a build of his own, or one to compare with.
  const isFile =
    qemu !== undefined && qemu !== 'system' && !/^\d+(\.\d+)*$/.test(qemu) && isNoDirectory(host, qemu);
  return isFile ? { code: 'given', reason: `${qemu} was named` } : undefined;
}

function isNoDirectory({ files }: Context['host'], path: string): boolean {
  return files.status(path)?.kind !== 'directory';
}
