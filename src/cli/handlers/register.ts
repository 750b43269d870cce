import { architectures as allArchitectures } from '../../core/architecture.ts';
import { requireEmulator } from '../../emulators/index.ts';
import {
  architecturesOfEntries,
  register as registerEmulators,
  takingOver,
  unregister as unregisterEmulators,
} from '../../registration/index.ts';
import type { Context, Handler } from '../command.ts';
import type { register } from '../commands/register.ts';
import type { unregister } from '../commands/unregister.ts';
import { commaSeparated, reportOutcome, wantedArchitectures } from '../reports/registration.ts';
import { atBootNotes } from './at-boot.ts';
import { common } from './common.ts';
import { interposeWanted } from './interpose-wanted.ts';
import { hasEmulators, obtainEmulators } from './obtain.ts';
import type { ObtainOptions } from './obtain.ts';

export const handleRegister: Handler<(typeof register)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const takeOver = commaSeparated(options.adopt ?? []);
  const architectures =
    positionals.length === 0 && takeOver.length > 0
      ? architecturesOfEntries(context.host, takeOver)
      : wantedArchitectures(positionals);
  const { host } = context;
  if (options['dry-run'] !== true) await obtainWanted(context, architectures, options);
  const choice = { qemu: options.qemu, allowDynamic: options['no-fix-binary'] === true };
  const wanted = architectures === 'all' ? allNames : architectures;
  const { of, plain } = await interposeWanted(context, wanted, { ...options, choice });
  const report = registerEmulators(host, {
    architectures,
    ...(takeOver.length === 0 ? {} : { takeOver: takingOver(takeOver) }),
    reset: options.reset === true,
    credentials: options.credentials === true,
    fixBinary: options['no-fix-binary'] !== true,
    force: options.force === true,
    dryRun: options['dry-run'] === true,
    ...(options.qemu === undefined ? {} : { qemu: options.qemu }),
    choose: (target) => of(requireEmulator(host, target, choice)),
  });
  return reportOutcome('register', report, context.terminal.style, [], { plain });
};

const allNames = allArchitectures.map(({ name }) => name);

/** On a machine that has no emulator at all, "all" means the common ones. */
async function obtainWanted(
  context: Context,
  architectures: readonly string[] | 'all',
  options: ObtainOptions,
): Promise<void> {
  if (architectures !== 'all') await obtainEmulators(context, architectures, options);
  else if (!hasEmulators(context)) await obtainEmulators(context, common, options);
}

export const handleUnregister: Handler<(typeof unregister)['options']> = ({
  options,
  positionals,
  context,
}) => {
  const architectures = wantedArchitectures(positionals);
  const report = unregisterEmulators(context.host, { architectures, dryRun: options['dry-run'] === true });
  return reportOutcome(
    'unregister',
    report,
    context.terminal.style,
    atBootNotes(context.host, architectures),
  );
};
