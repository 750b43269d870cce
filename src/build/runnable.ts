import { findArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { formatPlatform, type Platform } from '../core/platform.ts';
import type { Host } from '../host/host.ts';
import { status as readStatus, type StatusReport } from '../registration/index.ts';
import { pauseProcess, rootlessStatus, runningDaemons } from '../rootless/index.ts';
import { tableInForce } from '../table-in-force/index.ts';
import { storesLists, type BuildEngine } from './engines/engine.ts';

/** Whether programs of a platform run in the containers of an engine. */
export interface PlatformVerdict {
  readonly platform: string;
  /** `unknown`: nothing here can tell; then it is tried. */
  readonly runs: 'native' | 'emulated' | 'no' | 'unknown';
  readonly reason: string;
}

type Report = Pick<StatusReport, 'native' | 'entries'>;

/**
 * Looks at the table that is in force for the engine's containers; executes probes, changes nothing.
 *
 * @param state the state directory
 */
export async function runnablePlatforms(
  host: Host,
  engine: BuildEngine,
  platforms: readonly Platform[],
  options: { readonly state: string; readonly command: readonly string[] },
): Promise<PlatformVerdict[]> {
  if (engine.remote) return platforms.map((platform) => toldByBuilder(engine, platform));
  const report = reportFor(host, engine);
  const later = await madeLater(host, engine, options);
  return platforms.map((platform) => judge(report, later, platform));
}

/** @throws AnyarchError ANYARCH_BUILD_PLATFORM for platforms that cannot run */
export function requireRunnable(engine: BuildEngine, verdicts: readonly PlatformVerdict[]): void {
  const refused = verdicts.filter(({ runs }) => runs === 'no');
  if (refused.length === 0) return;
  const names = refused.map(({ platform }) => platform);
  const words = names.map((name) => findArchitecture(name).debian[0] ?? findArchitecture(name).name);
  const architectures = [...new Set(words)];
  const reasons = refused.map(({ platform, reason }) => `${platform}: ${reason}`);
  throw new AnyarchError(
    'ANYARCH_BUILD_PLATFORM',
    `${engine.name} cannot run programs of ${names.join(', ')} here (${reasons.join('; ')})`,
    {
      hint: `${remedy(engine, architectures)}; or --no-emulation, for a Dockerfile that runs nothing of a foreign platform`,
      details: { platforms: names, reasons },
    },
  );
}

function remedy(engine: BuildEngine, architectures: readonly string[]): string {
  if (engine.remote)
    return `register emulators where the builder runs: anyarch register ${architectures.join(' ')}`;
  if (!engine.rootless) return `sudo anyarch register ${architectures.join(' ')}`;
  const family = engine.name === 'docker-buildx' ? 'docker' : engine.name;
  return `anyarch rootless enable ${family} ${architectures.map((name) => `-a ${name}`).join(' ')}`;
}

function reportFor(host: Host, engine: BuildEngine): Report {
  const pid = processOf(host, engine);
  if (pid === undefined) return readStatus(host, { probe: true });
  return tableInForce(host, pid).status;
}

/** The process whose namespaces the containers have; undefined for our own. */
function processOf(host: Host, engine: BuildEngine): number | undefined {
  if (!engine.rootless) return undefined;
  if (!storesLists(engine)) return runningDaemons(host)[0]?.pid;
  // Each command of buildah's has a namespace of its own, without a table until something mounts one.
  return engine.name === 'podman' ? pauseProcess(host) : undefined;
}

/** What a stand-in for the runtime adds before the first container of a build starts. */
async function madeLater(
  host: Host,
  engine: BuildEngine,
  options: { readonly state: string; readonly command: readonly string[] },
): Promise<ReadonlySet<string>> {
  const { name, rootless } = engine;
  if (!rootless || (name !== 'podman' && name !== 'buildah')) return new Set();
  const found = await rootlessStatus(host, { ...options, engines: [name] });
  return found.engines.some(({ enabled }) => enabled)
    ? new Set(found.architectures.map(({ architecture }) => architecture))
    : new Set();
}

function judge(report: Report, later: ReadonlySet<string>, platform: Platform): PlatformVerdict {
  const name = formatPlatform(platform);
  const architecture = findArchitecture(name).name;
  if (report.native.includes(architecture))
    return { platform: name, runs: 'native', reason: 'its programs run without an emulator' };
  const entry = report.entries.find((one) => one.architecture === architecture && one.proof !== undefined);
  if (entry?.proof?.status === 'proven' && entry.flags?.fixBinary === true)
    return { platform: name, runs: 'emulated', reason: `by the entry ${entry.name}` };
  if (later.has(architecture))
    return {
      platform: name,
      runs: 'emulated',
      reason: 'by an entry that the engine makes with its container',
    };
  if (entry === undefined) return { platform: name, runs: 'no', reason: 'there is no entry for it' };
  if (entry.proof?.status === 'proven')
    return {
      platform: name,
      runs: 'no',
      reason: `the entry ${entry.name} lacks the flag F, without which its interpreter is not found in containers`,
    };
  return { platform: name, runs: 'no', reason: `the entry ${entry.name} does not work` };
}

function toldByBuilder({ platforms = [] }: BuildEngine, platform: Platform): PlatformVerdict {
  const name = formatPlatform(platform);
  if (platforms.length === 0)
    return { platform: name, runs: 'unknown', reason: 'the engine runs on another machine' };
  const isListed = platforms.some((one) => one === name || one.startsWith(`${name}/`));
  return isListed
    ? { platform: name, runs: 'emulated', reason: 'its builder says so' }
    : { platform: name, runs: 'no', reason: 'its builder does not list it' };
}
