import { readFileSync } from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import type { Architecture } from '../../core/architecture.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { Emulated } from '../../private-table/index.ts';
import {
  listTools,
  prepareTools,
  removeDamagedTools,
  removeTools,
  toolGroups,
  verifyTools,
  type GuestFacts,
  type PrepareReport,
  type ToolGroup,
} from '../../tool-tree/index.ts';
import type { Context, Handler } from '../command.ts';
import type {
  accelerateList,
  acceleratePrepare,
  accelerateRemove,
  accelerateVerify,
} from '../commands/accelerate-tools.ts';
import { ownVersion } from '../own-package.ts';
import { withProgress } from '../progress.ts';
import { formatPrepared, formatRemoved, formatSets, formatVerified } from '../reports/accelerate-tools.ts';
import { guestFor } from './accelerate-guest.ts';
import { obtainEmulator } from './obtain.ts';

interface ArchiveWords {
  readonly mirror?: string;
  readonly snapshot?: string;
  readonly keyring?: readonly string[];
  readonly 'allow-expired'?: boolean;
}

export const handlePrepare: Handler<(typeof acceleratePrepare)['options']> = async ({ options, context }) => {
  const guest = await guestFor(context, options);
  const dryRun = options['dry-run'] === true;
  const report = await prepare(context, guest, groupsIn(options.group), options, dryRun);
  return {
    exitCode: exitCodeOf(report),
    document: { schema: 'anyarch/accelerate-prepare/1', dryRun, ...report },
    text: formatPrepared(report, dryRun, context.terminal.style),
  };
};

export const handleToolsList: Handler<(typeof accelerateList)['options']> = ({
  context: { host, terminal },
}) => {
  const sets = listTools(host, stateDirectory(host.system));
  return {
    exitCode: 0,
    document: { schema: 'anyarch/accelerate-list/1', sets },
    text: formatSets(sets, terminal.style),
  };
};

export const handleToolsVerify: Handler<(typeof accelerateVerify)['options']> = async ({
  options,
  context,
}) => {
  const { host, terminal, signal } = context;
  const state = stateDirectory(host.system);
  const found = await verifyTools(host, state);
  const bad = found.sets.filter(({ outcome }) => outcome !== 'intact').length;
  const isGood = bad === 0 && found.problems.length === 0;
  const repaired: PrepareReport[] = [];
  if (!isGood && options.repair === true)
    for (const { guest, groups } of await removeDamagedTools(host, state, signal))
      repaired.push(await prepare(context, guest, groups, options, false));
  const isRepaired = options.repair === true && repaired.every((report) => exitCodeOf(report) === 0);
  return {
    exitCode: isGood || isRepaired ? 0 : bad === 0 || bad === found.sets.length ? 1 : 3,
    document: { schema: 'anyarch/accelerate-verify/1', ...found, repaired },
    text:
      formatVerified(found, options.repair === true, terminal.style) +
      repaired.map((report) => formatPrepared(report, false, terminal.style)).join(''),
  };
};

export const handleToolsRemove: Handler<(typeof accelerateRemove)['options']> = async ({
  options,
  positionals,
  context: { host, terminal, signal },
}) => {
  const dryRun = options['dry-run'] === true;
  const sets = await removeTools(host, stateDirectory(host.system), positionals, { dryRun, signal });
  return {
    exitCode: 0,
    document: { schema: 'anyarch/accelerate-remove/1', dryRun, sets },
    text: formatRemoved(sets, dryRun, terminal.style),
  };
};

async function prepare(
  context: Context,
  guest: GuestFacts,
  groups: readonly ToolGroup[] | undefined,
  options: ArchiveWords,
  dryRun: boolean,
): Promise<PrepareReport> {
  const { host, signal } = context;
  return await withProgress(context, (onProgress) =>
    prepareTools(host, {
      state: stateDirectory(host.system),
      guest,
      groups,
      dryRun,
      version: ownVersion(),
      mirror: options.mirror,
      snapshot: options.snapshot,
      keyrings: options.keyring?.map((path) => readKeyring(path)),
      allowExpired: options['allow-expired'] === true,
      emulated: () => interposedEmulator(context, guest.architecture, options),
      signal,
      onProgress,
      onTest: (text) => {
        host.log.debug(text);
      },
    }),
  );
}

/** The tests must show that the native program was executed: only an interposer does that. */
async function interposedEmulator(
  context: Context,
  architecture: Architecture,
  { mirror }: ArchiveWords,
): Promise<Emulated> {
  const options = mirror === undefined ? {} : { mirror };
  const emulator = await obtainEmulator(context, architecture, options, { lasting: true });
  if (emulator.interposed !== undefined) return { architecture, emulator };
  throw new AnyarchError(
    'ANYARCH_EMULATOR_UNPATCHABLE',
    `${emulator.path} has no interposer, without which no native tool is used`,
    {
      hint: `use an emulator from Debian: anyarch emulators fetch ${architecture.name}`,
      details: { path: emulator.path },
    },
  );
}

function readKeyring(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new AnyarchError('ANYARCH_FILE', `the keyring ${path} cannot be read`, { cause: error });
  }
}

function groupsIn(words: readonly string[] | undefined): ToolGroup[] | undefined {
  const names = words?.flatMap((word) => word.split(',')).filter((name) => name !== '');
  return names?.map((name) => {
    const group = toolGroups.find((one) => one === name);
    if (group !== undefined) return group;
    throw new AnyarchError('ANYARCH_USAGE', `no group of tools is called ${name}`, {
      hint: `there is ${toolGroups.join(', ')}`,
    });
  });
}

/** Partly done where something was left out that another try, or another mirror, may give. */
function exitCodeOf({ sets }: PrepareReport): number {
  const made = sets.some(({ tools }) => tools.length > 0);
  if (!made) return 1;
  return sets.some(({ leftOut }) => leftOut.some(({ isMeant }) => isMeant !== true)) ? 3 : 0;
}
