import {
  disablePersistence,
  enablePersistence,
  persistenceStatus,
  readPersisted,
  type EnableOptions,
  type InitName,
} from '../../persistence/index.ts';
import { AnyarchError } from '../../core/error.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { survey } from '../../registration/index.ts';
import type { Context, Handler } from '../command.ts';
import type { persistDisable, persistEnable, persistStatus } from '../commands/persist.ts';
import { persistOutcome, persistStatusOutcome } from '../reports/persist.ts';
import { wantedArchitectures } from '../reports/registration.ts';
import { common } from './common.ts';
import { hasEmulators, obtainEmulators, type ObtainOptions } from './obtain.ts';

export const handlePersistEnable: Handler<(typeof persistEnable)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const architectures = positionals.length === 0 ? 'registered' : wantedArchitectures(positionals);
  const isRoot = context.host.system.uid === 0;
  if (isRoot && options['dry-run'] !== true) await obtainWanted(context, architectures, options);
  const report = await enablePersistence(context.host, {
    architectures,
    dryRun: options['dry-run'] === true,
    force: options.force === true,
    ...(options.init === undefined ? {} : { init: options.init as InitName }),
    ...(options.qemu === undefined ? {} : { qemu: options.qemu }),
    ...credentialsOf(options),
  });
  return persistOutcome('enable', report, context.terminal.style);
};

function credentialsOf(options: {
  readonly credentials?: boolean | undefined;
  readonly 'no-credentials'?: boolean | undefined;
}): Pick<EnableOptions, 'credentials'> {
  const [yes, no] = [options.credentials === true, options['no-credentials'] === true];
  if (yes && no)
    throw new AnyarchError('ANYARCH_USAGE', '--credentials and --no-credentials contradict each other', {
      hint: 'leave one out',
    });
  return yes || no ? { credentials: yes } : {};
}

/** What is registered has its emulator already. */
async function obtainWanted(
  context: Context,
  architectures: EnableOptions['architectures'],
  options: ObtainOptions,
): Promise<void> {
  if (architectures === 'registered' && hasRegistered(context)) return;
  if (typeof architectures !== 'string') await obtainEmulators(context, architectures, options);
  else if (!hasEmulators(context)) await obtainEmulators(context, common, options);
}

function hasRegistered({ host }: Context): boolean {
  const state = stateDirectory(host.system);
  const persisted = readPersisted(host, state);
  return persisted !== undefined || survey(host, state).entries.some(({ owner }) => owner.kind === 'anyarch');
}

export const handlePersistDisable: Handler<(typeof persistDisable)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const report = await disablePersistence(context.host, {
    architectures: wantedArchitectures(positionals),
    now: options.now === true,
    dryRun: options['dry-run'] === true,
    force: options.force === true,
  });
  return persistOutcome('disable', report, context.terminal.style);
};

export const handlePersistStatus: Handler<(typeof persistStatus)['options']> = async ({ context }) =>
  persistStatusOutcome(await persistenceStatus(context.host), context.terminal.style);
