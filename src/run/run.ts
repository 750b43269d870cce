import { buildLauncher } from '../core/launcher/build-launcher.ts';
import { launcherHostOf } from '../core/launcher/find-launcher-host.ts';
import type { LauncherHost } from '../core/launcher/launcher-host.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { installLauncher } from '../host/launcher-place.ts';
import { errnoName } from '../host/node/system-call.ts';
import { tableRules, type Emulated } from '../private-table/index.ts';
import { commandCandidates, guestEnvironment } from './command.ts';
import { containerToolsEnvironment } from './container-tools.ts';
import { confine, unconfined } from './control-groups/confine.ts';
import type { Confinement } from './control-groups/confine.ts';
import { chooseIdentity } from './identity.ts';
import type { GuestUser } from './identity.ts';
import { launch } from './launch.ts';
import type { GuestOutput } from './launch.ts';
import type { GuestLimits } from './control-groups/limits.ts';
import { chooseMapping } from './mapping.ts';
import type { GuestIds } from './mapping.ts';
import { guestOutcome } from './outcome.ts';
import type { GuestOutcome } from './outcome.ts';
import { namespaceProgram } from './program.ts';
import { signalInside } from './signal-inside.ts';
import { readReports } from './report.ts';
import type { Bind, GuestRoot } from './setup.ts';

export interface GuestRun {
  /** What runs foreign programs inside. May be empty. */
  readonly emulated: readonly Emulated[];
  readonly root: GuestRoot;
  /** Default `auto`. */
  readonly ids?: GuestIds;
  /** Ids inside. Root, or with `keep` the user's own, when left out. */
  readonly user?: GuestUser;
  /** `none`: nothing but a loopback device. Default `host`. */
  readonly network?: 'host' | 'none';
  /** The host's when left out. */
  readonly hostname?: string;
  readonly limits?: GuestLimits;
  /** argv of the guest; at least one word. */
  readonly command: readonly string[];
  readonly binds: readonly Bind[];
  /** `K=V` or `K`. */
  readonly environment: readonly string[];
  /** Absolute, in the guest. */
  readonly workingDirectory: string;
  /** It is made where the guest has none, as for images. */
  readonly makesWorkingDirectory?: boolean;
  /** See `NamespaceSetup.isNative32`. */
  readonly isNative32?: boolean;
  /** A directory of ours; made when missing. */
  readonly scratch: string;
  /** Told the process id that everything of the guest comes from. */
  readonly onStarted?: (pid: number) => void;
  /** Gets what the guest prints; then it has no terminal and an empty standard input. */
  readonly output?: GuestOutput;
  /** Gets what the guest writes to standard error, which then is no terminal, and passes it on. */
  readonly onErrorOutput?: (chunk: Uint8Array) => void;
  /** Kills the guest and all that it started. The outcome is then that of SIGKILL. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a command in private user, mount and pid namespaces with a binfmt_misc table of its own, on this process's
 * terminal. Nothing on the host changes.
 *
 * @throws AnyarchError ANYARCH_NAMESPACE where the kernel or the system's settings forbid it, ANYARCH_RUN_SETUP
 */
export async function runGuest(host: Host, run: GuestRun): Promise<GuestOutcome> {
  const confinement = run.limits === undefined ? unconfined : confine(host, run.limits);
  try {
    return await runConfined(host, run, confinement);
  } finally {
    confinement.remove();
  }
}

async function runConfined(host: Host, run: GuestRun, confinement: Confinement): Promise<GuestOutcome> {
  const launcherHost = requireLauncherHost(host.system.machine);
  const [command = ''] = run.command;
  const { mapping, write } = chooseMapping(host, run.root, run.ids);
  const identity = chooseIdentity(host.system, mapping, run);
  const isRootOfItsOwn = host.system.uid !== 0 && identity === undefined;
  const environment = guestEnvironment(
    host.system.environment,
    [
      ...(run.root.kind === 'host' && isRootOfItsOwn ? containerToolsEnvironment(host.system) : []),
      ...run.environment,
    ],
    run.root.kind !== 'host',
  );
  host.files.makeDirectory(run.scratch);
  const setup = {
    mapping,
    ...(identity === undefined ? {} : { identity }),
    isLimited: run.limits !== undefined,
    controlGroups: confinement.processes,
    ownNetwork: run.network === 'none',
    ...(run.hostname === undefined ? {} : { hostname: run.hostname }),
    isHostRoot: host.system.uid === 0,
    // The launcher leaves the working directory first, so relative paths would mean something else there.
    scratch: host.files.resolve(run.scratch),
    root: run.root.kind === 'host' ? run.root : { ...run.root, path: host.files.resolve(run.root.path) },
    rules: tableRules(host, run.emulated),
    binds: [...networkFiles(host, run), ...run.binds],
    workingDirectory: run.workingDirectory,
    makesWorkingDirectory: run.makesWorkingDirectory === true,
    isNative32: run.isNative32 === true,
    ...(run.output === undefined ? terminalOf(host) : {}),
  };
  const program = namespaceProgram(launcherHost, setup, commandCandidates(command, environment), run.command);
  const littleEndian = launcherHost.identity.endianness === 'little';
  const scope = confinement.scope?.(environment);
  const result = await launch({
    prefix: scope?.words ?? [],
    signalAsRoot: (init, guest, signal) => {
      signalInside(host, init, guest, signal);
    },
    launcher: installLauncher(host, buildLauncher(launcherHost, program)),
    arguments: program.arguments,
    environment: { ...environment, ...scope?.environment },
    ...(write === undefined ? {} : { writeMaps: write }),
    isReady: (bytes) => readReports(bytes, littleEndian).some((report) => report.kind === 'ready'),
    ...(run.onStarted === undefined ? {} : { onStarted: run.onStarted }),
    ...(run.output === undefined ? {} : { output: run.output }),
    ...(run.onErrorOutput === undefined ? {} : { onErrorOutput: run.onErrorOutput }),
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  if (scope !== undefined && result.report.length === 0 && result.signal === undefined)
    throw new AnyarchError(
      'ANYARCH_LIMITS',
      `${scope.words[0] ?? ''} could not start the guest in a scope of its own`,
      {
        hint: 'it has said why; systemctl status tells whether systemd is in order. Or leave out --memory, --cpus and --pids-limit',
        details: { command: scope.words.join(' '), exitCode: result.exitCode ?? 'none' },
      },
    );
  return guestOutcome(result, {
    steps: program.steps,
    command,
    littleEndian,
    errnoName,
    system: host.system,
  });
}

function requireLauncherHost(machine: string): LauncherHost {
  const found = launcherHostOf(machine);
  if (found !== undefined) return found;
  throw new AnyarchError('ANYARCH_NAMESPACE', `namespaces cannot be entered on ${machine} hosts yet`, {
    hint: 'run one program with "anyarch exec"',
  });
}

/** Standard input is what decides in shells, too, whether there is a terminal. */
function terminalOf({ files }: Pick<Host, 'files'>): { readonly terminal?: string } {
  return process.stdin.isTTY ? { terminal: files.readLink('/proc/self/fd/0') } : {};
}

/** Name resolution works in the guest as on the host, whose network it has. */
function networkFiles({ files }: Pick<Host, 'files'>, { root, network }: GuestRun): Bind[] {
  if (root.kind === 'host' || network === 'none') return [];
  return ['/etc/resolv.conf', '/etc/hosts']
    .filter((path) => files.status(path)?.kind === 'file')
    .map((path) => ({ source: path, target: path, readOnly: true, kind: 'file', optional: true }));
}
