import {
  disablePersistence,
  enablePersistence,
  persistenceStatus,
  readPersisted,
  type EnableOptions,
  type InitName,
} from '../../persistence/index.ts';
import { architectures as allArchitectures } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { survey } from '../../registration/index.ts';
import type { Context, Handler } from '../command.ts';
import type { persistDisable, persistEnable, persistStatus } from '../commands/persist.ts';
import { persistOutcome, persistStatusOutcome } from '../reports/persist.ts';
import { wantedArchitectures } from '../reports/registration.ts';
import { common } from './common.ts';
import { interposeWanted } from './interpose-wanted.ts';
import { knownInterposed } from './interposed.ts';
import { hasEmulators, obtainEmulators, type ObtainOptions } from './obtain.ts';

export const handlePersistEnable: Handler<(typeof persistEnable)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const architectures = positionals.length === 0 ? 'registered' : wantedArchitectures(positionals);
  const isRoot = context.host.system.uid === 0;
  if (isRoot && options['dry-run'] !== true) await obtainWanted(context, architectures, options);
  const { of, plain } = await interposeWanted(context, namesOf(context, architectures), {
    ...options,
    'dry-run': !isRoot || options['dry-run'] === true,
    choice: options.qemu === undefined ? {} : { qemu: options.qemu },
  });
  const report = await enablePersistence(context.host, {
    architectures,
    dryRun: options['dry-run'] === true,
    force: options.force === true,
    ...(options.init === undefined ? {} : { init: options.init as InitName }),
    ...(options.qemu === undefined ? {} : { qemu: options.qemu }),
    interposed: of,
    ...credentialsOf(options),
  });
  return persistOutcome('enable', report, context.terminal.style, { plain });
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
  return readPersisted(host, stateDirectory(host.system)) !== undefined || registered(host).length > 0;
}

/** What is meant, as far as it can be told before anything was looked at. */
function namesOf({ host }: Context, architectures: EnableOptions['architectures']): readonly string[] {
  if (typeof architectures !== 'string') return architectures;
  const persisted = readPersisted(host, stateDirectory(host.system))?.architectures ?? [];
  const known = [...new Set([...registered(host), ...persisted.map(({ architecture }) => architecture)])];
  return architectures === 'all' || known.length === 0 ? allArchitectures.map(({ name }) => name) : known;
}

/** QEMU's names of what anyarch has in the table. */
function registered(host: Host): string[] {
  return survey(host, stateDirectory(host.system)).entries.flatMap(({ owner, architecture }) =>
    owner.kind === 'anyarch' && architecture !== undefined ? [architecture] : [],
  );
}

export const handlePersistDisable: Handler<(typeof persistDisable)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const report = await disablePersistence(context.host, {
    architectures: wantedArchitectures(positionals),
    now: options.now === true,
    interposed: knownInterposed(context, {}),
    dryRun: options['dry-run'] === true,
    force: options.force === true,
  });
  return persistOutcome('disable', report, context.terminal.style);
};

export const handlePersistStatus: Handler<(typeof persistStatus)['options']> = async ({ context }) =>
  persistStatusOutcome(await persistenceStatus(context.host), context.terminal.style);
