import { lookUpArchitecture } from '../../../core/architecture.ts';
import { probeArchitectures } from '../../../core/probe/probe.ts';
import { quote } from '../../../core/text.ts';
import type { Host } from '../../../host/host.ts';
import { fact, type Examination } from '../../examination.ts';
import { foreignConcerned } from '../concerned.ts';
import { imageArchitecture } from '../image/image-program.ts';
import { tableStatus } from '../status.ts';
import { askEngine, containerPatienceMs } from './ask-engine.ts';
import { answeringEngines, namedEngine } from './engines.ts';
import type { AnsweringEngine } from './found-engine.ts';
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

/**
 * Executes probes in containers of the engine that was named: there is no other way to know which table is in force for them.
 * Undefined where none was named, or it keeps no images. The image that is made for it is removed.
 */
export const engineProbe = fact(async (examination): Promise<EngineProbe | undefined> => {
  const [engine] = answeringEngines(examination);
  const isAsked = namedEngine(examination) !== undefined || examination.image !== undefined;
  if (engine === undefined || !isAsked) return undefined;
  if (engine.name !== 'docker' && engine.name !== 'podman') return undefined;
  const { host } = examination;
  const own = lookUpArchitecture(host.system.machine)?.name;
  if (own === undefined) return undefined;
  const wanted = architecturesToTry(examination).filter((one) => one !== own);
  const image = `localhost/anyarch-doctor:${host.system.pid}`;
  const made = askEngine(host, [engine.path, 'import', '-', image], {
    timeoutMs: containerPatienceMs,
    input: await probeRoot([own, ...wanted]),
  });
  if ('why' in made) return { engine, native: { kind: 'unknown', reason: made.reason }, foreign: new Map() };
  try {
    const native = runProbe(host, engine, image, own);
    const tried = native.kind === 'runs' ? wanted : [];
    return {
      engine,
      native,
      foreign: new Map(tried.map((one) => [one, runProbe(host, engine, image, one)])),
    };
  } finally {
    askEngine(host, [engine.path, 'image', 'rm', '--force', image]);
  }
});

/** What was asked about; else what works here, as far as that is known. */
export function architecturesToTry(examination: Examination): readonly string[] {
  const ofImage = imageArchitecture(examination);
  const { native, entries } = tableStatus(examination);
  const asked = [...(ofImage === undefined ? [] : [ofImage]), ...foreignConcerned(examination)];
  const working = entries.flatMap(({ architecture, proof }) =>
    architecture !== undefined && proof?.status === 'proven' ? [architecture] : [],
  );
  const some = asked.length > 0 ? asked : working;
  return [...new Set(some)]
    .filter((one) => probeArchitectures.includes(one) && !native.includes(one))
    .slice(0, mostArchitectures);
}

const probeExitCode = 42;

function runProbe(
  { processes }: Pick<Host, 'processes'>,
  { path }: AnsweringEngine,
  image: string,
  architecture: string,
): ProbeInContainer {
  const words = ['run', '--rm', '--network', 'none', '--pull', 'never', image, probePath(architecture)];
  const result = processes.run([path, ...words], {
    environment: { LC_ALL: 'C' },
    timeoutMs: containerPatienceMs,
  });
  if (result.timedOut)
    return { kind: 'unknown', reason: `no container has ended within ${containerPatienceMs / 1000} s` };
  if (result.exitCode === probeExitCode) return { kind: 'runs' };
  if (result.exitCode === 0) return { kind: 'runs-nothing' };
  const said = `${result.stderr}${result.stdout}`.trim().split('\n').filter(isTelling).at(-1) ?? '';
  return { kind: 'refused', said: quote(said === '' ? `exit code ${result.exitCode ?? 'none'}` : said, 300) };
}

function isTelling(line: string): boolean {
  return line.trim() !== '' && !/^WARNING|See 'docker run --help'|^time=/.test(line);
}
