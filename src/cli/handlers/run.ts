import { findArchitecture } from '../../core/architecture.ts';
import type { Architecture } from '../../core/architecture.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { Emulated } from '../../private-table/index.ts';
import { detectArchitecture, prepareGuestRoot, withOwnGroup } from '../../run/index.ts';
import type { GuestRoot } from '../../run/index.ts';
import type { Context, Handler, Invocation, Outcome } from '../command.ts';
import type { run } from '../commands/run.ts';
import { directoryOption } from '../directory-option.ts';
import { guestBinds } from './run/guest-binds.ts';
import { guestOptions } from './run/guest-options.ts';
import { isNative, isNative32 } from './run/native.ts';
import { runWatched } from './run/watched.ts';
import { obtainEmulator, obtainGuest, presentEmulators } from './obtain.ts';
import type { ObtainOptions } from './obtain.ts';

export const handleRun: Handler<(typeof run)['options']> = async (invocation) => {
  const report = invocation.options['acceleration-report'];
  if (report === undefined) return await start(invocation);
  const { withAccelerationReport } = await import('./run/with-acceleration-report.ts');
  return await withAccelerationReport(invocation.context.host, report, () => start(invocation));
};

async function start(invocation: Invocation<(typeof run)['options']>): Promise<Outcome> {
  const { options, positionals, context } = invocation;
  if (options.image !== undefined)
    return await (await import('./run/run-image.ts')).runImage(invocation, options.image);
  const { host } = context;
  const directory = process.cwd();
  const state = stateDirectory(host.system);
  const rootfs =
    options.rootfs === undefined
      ? undefined
      : directoryOption(host.files, '--rootfs', options.rootfs, directory);
  const architecture = wantedArchitecture(host, options.arch, rootfs);
  const native = architecture !== undefined && (await isNative(host, architecture));
  const emulated =
    architecture === undefined
      ? await presentEmulators(context, options)
      : native
        ? []
        : [{ architecture, emulator: await obtainEmulator(context, architecture, options) }];
  const chosen: GuestRoot =
    rootfs !== undefined
      ? { kind: 'directory', path: rootfs }
      : architecture === undefined
        ? { kind: 'host' }
        : { kind: 'ephemeral', path: await embeddedRoot(context, architecture, emulated, options) };
  const root = { ...chosen, readOnly: options['read-only'] === true };
  const command = positionals.length > 0 ? positionals : [defaultShell(host, root)];
  const { home, ...guest } = guestOptions(host, root, options, command[0] ?? '');
  return await runWatched(context, options, {
    ...guest,
    ...(guest.user === undefined ? {} : { user: withOwnGroup(guest.user) }),
    emulated,
    root,
    command,
    binds: guestBinds(host, root, emulated, options, directory),
    environment: [
      ...(home === undefined || root.kind === 'host' ? [] : [`HOME=${home}`]),
      ...(options.env ?? []),
    ],
    workingDirectory: options.workdir ?? (root.kind === 'host' ? directory : '/'),
    isNative32: native && isNative32(host, architecture),
    scratch: `${state}/mount`,
    onStarted: () => {
      context.handOverSignals();
    },
  });
}

function wantedArchitecture(
  host: Host,
  name: string | undefined,
  rootfs: string | undefined,
): Architecture | undefined {
  if (name !== undefined) return findArchitecture(name);
  if (rootfs === undefined) return undefined;
  return detectArchitecture(host.files, rootfs);
}

async function embeddedRoot(
  context: Context,
  architecture: Architecture,
  emulated: readonly Emulated[],
  options: ObtainOptions & { readonly arch?: string },
): Promise<string> {
  const guest = await obtainGuest(context, options.arch ?? architecture.name, options);
  const emulate = emulated.map(({ emulator }) => emulator.path);
  return prepareGuestRoot(context.host, `${stateDirectory(context.host.system)}/guests`, guest, emulate);
}

function defaultShell(host: Host, root: GuestRoot): string {
  return root.kind === 'host' ? (host.system.environment['SHELL'] ?? '/bin/sh') : '/bin/sh';
}
