import { fact } from '../../examination.ts';
import { askEngine } from './ask-engine.ts';
import { answeringEngines } from './engines.ts';

/** What builds images for `docker buildx build` now. */
export interface Builder {
  readonly name: string;
  /** `docker`, `docker-container`, `kubernetes`, `remote` */
  readonly driver: string | undefined;
  /** `linux/arm64` */
  readonly platforms: readonly string[];
  /** Those that BuildKit runs in. */
  readonly containers: readonly string[];
}

/** Undefined without docker or without its plugin. */
export const builder = fact((examination): Builder | undefined => {
  const docker = answeringEngines(examination).find(({ name }) => name === 'docker');
  if (docker === undefined) return undefined;
  const answer = askEngine(examination.host, [docker.path, 'buildx', 'inspect']);
  return 'why' in answer ? undefined : readBuilder(answer.text);
});

/** What `docker buildx inspect` prints for people; it has no other format (buildx 0.13, commands/inspect.go). */
function readBuilder(text: string): Builder | undefined {
  const fields = [...text.matchAll(/^(\w+):[ \t]*(\S.*)$/gm)].map(([, key = '', value = '']) => ({
    key,
    value: value.trim(),
  }));
  const names = fields.filter(({ key }) => key === 'Name').map(({ value }) => value);
  const [name, ...nodes] = names;
  if (name === undefined) return undefined;
  const driver = fields.find(({ key }) => key === 'Driver')?.value;
  const platforms = fields
    .filter(({ key }) => key === 'Platforms')
    .flatMap(({ value }) => value.split(/,\s*/))
    // A star marks those that were set by hand.
    .map((one) => one.replace(/\*$/, ''));
  return {
    name,
    driver,
    platforms: [...new Set(platforms)],
    containers: driver === 'docker-container' ? nodes.map((node) => `buildx_buildkit_${node}`) : [],
  };
}
