import { findArchitecture, lookUpArchitecture } from '../../core/architecture.ts';
import { matchesMagic } from '../../core/match.ts';
import { buildProbe } from '../../core/probe/probe.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { readTable, withProver } from '../../registration/index.ts';
import { goName } from './platform-word.ts';
import { levelOfCpuInfo, levelOfExitCode, x86LevelProbe } from './x86-64-level.ts';

/**
 * What buildkit looks for, in the order of its list, by QEMU's names (github.com/moby/buildkit, util/archutil): the
 * host's own comes first, then these.
 */
const looksFor = [
  'x86_64',
  'aarch64',
  'riscv64',
  'ppc64',
  'ppc64le',
  's390x',
  'i386',
  'mips64el',
  'mips64',
  'loongarch64',
  'arm',
];

/** Which architectures' programs run in any container, by executing. */
export interface Supported {
  /** QEMU's names. */
  readonly architectures: ReadonlySet<string>;
  /** The entry that takes the programs of one; undefined where they run natively, or not at all. */
  readonly entryFor: (architecture: string) => string | undefined;
  /** Why nothing could be executed; undefined when it could. */
  readonly untried: string | undefined;
}

/**
 * What an interpreter runs that only this container has does not count: buildkit's probes run in an empty root
 * directory, where only flag F finds one.
 */
export function findSupported(host: Host, state: string): Supported {
  const { entries } = readTable(host);
  const takerOf = (architecture: string) => {
    const probe = buildProbe(architecture);
    return entries.find(
      ({ entry }) => entry?.enabled === true && entry.kind === 'magic' && matchesMagic(probe, entry),
    );
  };
  const own = lookUpArchitecture(host.system.machine)?.name;
  const foreign = looksFor.filter((name) => name !== own);
  const proofs = withProver(host, state, (prover) => prover.prove(foreign));
  const running = foreign.filter(
    (name) => proofs.get(name)?.status === 'proven' && takerOf(name)?.entry?.flags.fixBinary !== false,
  );
  return {
    architectures: new Set(own === undefined ? running : [own, ...running]),
    entryFor: (architecture) => takerOf(architecture)?.name,
    untried: foreign.map((name) => proofs.get(name)).find((proof) => proof?.status === 'not-tried')?.reason,
  };
}

/** As OCI platforms: `linux/amd64`, `linux/amd64/v2`, …, `linux/arm/v7`, `linux/arm/v6`. */
export function supportedPlatforms(host: Host, state: string, { architectures }: Supported): string[] {
  const own = lookUpArchitecture(host.system.machine);
  const others = looksFor.filter((name) => name === 'x86_64' || name !== own?.name);
  return [
    ...(own === undefined ? [] : [ownPlatform(host, own.name)]),
    ...others
      .filter((name) => architectures.has(name))
      .flatMap((name) =>
        platformsOf(name, name === own?.name, () => levelOf(host, state, name === own?.name)),
      ),
  ];
}

/** A 32-bit arm machine has the variant of its processor, as `uname -m` tells it. */
function ownPlatform(host: Pick<Host, 'system'>, name: string): string {
  const platform = `linux/${goName(findArchitecture(name))}`;
  if (name !== 'arm') return platform;
  return `${platform}/${/^armv[3-8]/.exec(host.system.machine)?.[0].slice(3) ?? 'v7'}`;
}

function platformsOf(name: string, isOwn: boolean, level: () => number): string[] {
  const platform = `linux/${goName(findArchitecture(name))}`;
  if (name === 'arm') return [`${platform}/v7`, `${platform}/v6`];
  if (name !== 'x86_64') return [platform];
  const levels = [2, 3, 4].slice(0, level() - 1).map((one) => `${platform}/v${one}`);
  return isOwn ? levels : [platform, ...levels];
}

function levelOf(host: Host, state: string, isOwn: boolean): number {
  if (isOwn) {
    const cpuInfo = ignoring(['ENOENT', 'EACCES'], () => host.files.read('/proc/cpuinfo'));
    return cpuInfo === undefined ? 1 : levelOfCpuInfo(decodeUtf8(cpuInfo));
  }
  const outcome = withProver(host, state, (prover) => prover.executeProgram(x86LevelProbe()));
  return (outcome?.kind === 'exited' ? levelOfExitCode(outcome.code) : undefined) ?? 1;
}
