import { lookUpArchitecture } from '../../../core/architecture.ts';
import { probeArchitectures } from '../../../core/probe/probe.ts';
import { quote } from '../../../core/text.ts';
import type { Host } from '../../../host/host.ts';
import { fact, type Examination } from '../../examination.ts';
import { concernedArchitectures } from '../concerned.ts';
import { coverages } from '../coverage.ts';
import { imageArchitecture } from '../image/image-program.ts';
import { tableStatus } from '../status.ts';
import { askEngine, containerPatienceMs, engineEnvironment, tellingLines } from './ask-engine.ts';
import { answeringEngines, namedEngine } from './engines.ts';
import type { AnsweringEngine } from './found-engine.ts';
import { removeContainer, removeImage, scratchName } from './leave-nothing.ts';
import { probePath, probeRoot } from './probe-image.ts';

/** What became of a probe that an engine was to execute in a container. */
export type ProbeInContainer =
  | { readonly kind: 'runs' }
  /** The container was made, and the probe did not run. @param said the engine's words */
  | { readonly kind: 'refused'; readonly said: string }
  /** It ended with 0, which probes never do. */
  | { readonly kind: 'runs-nothing' }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface EngineProbe {
  readonly engine: AnsweringEngine;
  /** Of this machine's own architecture: whether containers start at all. */
  readonly native: ProbeInContainer;
  /** By QEMU's target name. Empty where containers do not start at all. */
  readonly foreign: ReadonlyMap<string, ProbeInContainer>;
}

/** More are not tried: each is the start of a container. */
const mostArchitectures = 3;

/** Milliseconds for all of them together: somebody waits. */
const wholePatienceMs = 30_000;

/**
 * Executes probes in containers of the engine that was named: there is no other way to know which table is in force for them.
 * Undefined where none was named, or it keeps no images. The image and the containers that are made for it are removed.
 */
export const engineProbe = fact(async (examination): Promise<EngineProbe | undefined> => {
  const [engine] = answeringEngines(examination);
  const isAsked = namedEngine(examination) !== undefined || examination.image !== undefined;
  if (engine === undefined || !isAsked) return undefined;
  if (engine.name !== 'docker' && engine.name !== 'podman') return undefined;
  const { host } = examination;
  const own = ownArchitecture(examination, engine);
  if (own === undefined) return undefined;
  const wanted = architecturesToTry(examination).filter((one) => one !== own);
  const until = host.clock.monotonic() + wholePatienceMs;
  const image = `localhost/${scratchName(host)}`;
  try {
    const made = askEngine(host, [engine.path, 'import', '-', image], {
      timeoutMs: containerPatienceMs,
      input: await probeRoot([own, ...wanted]),
    });
    if ('why' in made)
      return { engine, native: { kind: 'unknown', reason: made.reason }, foreign: new Map() };
    const native = runProbe(host, engine, image, own, until);
    const tried = native.kind === 'runs' ? wanted : [];
    return {
      engine,
      native,
      foreign: new Map(
        tried.map((one) => [
          one,
          hangsOutside(examination, engine, one)
            ? { kind: 'unknown', reason: 'not tried: it does not end outside of containers either' }
            : runProbe(host, engine, image, one, until),
        ]),
      ),
    };
  } finally {
    removeImage(host, engine, image);
  }
});

/** What was asked about; else what works here, as far as that is known. Never what runs by itself where the containers run. */
export function architecturesToTry(examination: Examination): readonly string[] {
  const ofImage = imageArchitecture(examination);
  const { entries } = tableStatus(examination);
  const native = nativeInContainers(examination);
  const asked = [...(ofImage === undefined ? [] : [ofImage]), ...concernedArchitectures(examination)];
  const working = entries.flatMap(({ architecture, proof }) =>
    architecture !== undefined && proof?.status === 'proven' ? [architecture] : [],
  );
  const some = asked.length > 0 ? asked : working;
  return [...new Set(some)]
    .filter((one) => probeArchitectures.includes(one) && !native.includes(one))
    .slice(0, mostArchitectures);
}

/** QEMU's target name of the machine that containers run on: a client may be of another one than its daemon. */
function ownArchitecture({ host }: Examination, { architecture }: AnsweringEngine): string | undefined {
  return architecture ?? lookUpArchitecture(host.system.machine)?.name;
}

function nativeInContainers(examination: Examination): readonly string[] {
  const { native } = tableStatus(examination);
  const [engine] = answeringEngines(examination);
  const own = engine === undefined ? undefined : ownArchitecture(examination, engine);
  return own === undefined || native.includes(own) ? native : [own];
}

/** Where the table is the same, the same emulator would hang in a container, too, and go on there when its client has been killed. */
function hangsOutside(
  examination: Examination,
  { elsewhere }: AnsweringEngine,
  architecture: string,
): boolean {
  if (elsewhere !== undefined) return false;
  const proof = coverages(examination).get(architecture)?.proof;
  return proof?.status === 'failed' && proof.outcome.kind === 'timeout';
}

const probeExitCode = 42;

/** @param until milliseconds of the monotonic clock */
function runProbe(
  host: Host,
  engine: AnsweringEngine,
  image: string,
  architecture: string,
  until: number,
): ProbeInContainer {
  const timeoutMs = Math.min(containerPatienceMs, until - host.clock.monotonic());
  if (timeoutMs <= 0) return { kind: 'unknown', reason: 'not tried: the engine has taken too long already' };
  const container = `${scratchName(host)}-${architecture}`;
  const options = ['--rm', '--name', container, '--network', 'none', '--pull', 'never'];
  const result = host.processes.run([engine.path, 'run', ...options, image, probePath(architecture)], {
    environment: engineEnvironment(host),
    timeoutMs,
  });
  if (result.exitCode === probeExitCode) return { kind: 'runs' };
  // Only what has run to its end is surely gone: `--rm` is done by clients, which are killed, and by runtimes, which fail.
  removeContainer(host, engine, container);
  if (result.timedOut)
    return { kind: 'unknown', reason: `no container has ended within ${Math.round(timeoutMs / 1000)} s` };
  if (result.exitCode === 0) return { kind: 'runs-nothing' };
  const said = tellingLines(`${result.stderr}${result.stdout}`).at(-1) ?? '';
  return { kind: 'refused', said: quote(said === '' ? `exit code ${result.exitCode ?? 'none'}` : said, 300) };
}
