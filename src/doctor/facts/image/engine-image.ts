import { isRecord, parseJson } from '../../../core/json.ts';
import { formatImagePlatform, type ImagePlatform } from '../../../core/oci/image-platform.ts';
import { fact } from '../../examination.ts';
import { askEngine } from '../engines/ask-engine.ts';
import { answeringEngines } from '../engines/engines.ts';
import type { AnsweringEngine } from '../engines/found-engine.ts';

/** The image that was asked about, as an engine has it. */
export interface EngineImage {
  readonly state: 'found';
  readonly engine: AnsweringEngine;
  /** As the engine knows it. */
  readonly reference: string;
  readonly id: string;
  /** What its configuration says. */
  readonly platform: ImagePlatform;
  /** Entrypoint and command, words. */
  readonly words: readonly string[];
  /** PATH of its configuration. */
  readonly searchPath: string;
}

export interface AbsentImage {
  readonly state: 'absent';
  readonly engine: AnsweringEngine;
  readonly reference: string;
  readonly reason: string;
}

/** In the first engine that has it; undefined where no image was named, or no engine that keeps images answers. */
export const engineImage = fact((examination): EngineImage | AbsentImage | undefined => {
  const { host, image } = examination;
  const reference = referenceOf(image);
  if (reference === undefined) return undefined;
  let absent: AbsentImage | undefined;
  for (const engine of answeringEngines(examination)) {
    if (engine.name === 'apptainer') continue;
    const answer = askEngine(host, inspectCommand(engine, reference));
    if (!('why' in answer)) {
      const found = readInspection(engine, reference, answer.text);
      if (found !== undefined) return found;
    }
    const reason = 'why' in answer ? answer.reason : `what ${engine.name} says about it cannot be read`;
    absent ??= { state: 'absent', engine, reference, reason };
  }
  return absent;
});

/** `linux/arm64` */
export function platformOf({ platform }: EngineImage): string {
  return formatImagePlatform(platform);
}

/** Undefined for a path, and for what would be an option. */
function referenceOf(image: string | undefined): string | undefined {
  const reference = image?.replace(/^(docker-daemon:|containers-storage:|docker:\/\/)/, '');
  if (reference === undefined || !/^[\w[]/.test(reference)) return undefined;
  return /^(oci|oci-archive|docker-archive):/.test(reference) ? undefined : reference;
}

function inspectCommand({ name, path }: AnsweringEngine, reference: string): string[] {
  return name === 'buildah'
    ? [path, 'inspect', '--type', 'image', '--', reference]
    : [path, 'image', 'inspect', '--', reference];
}

function readInspection(engine: AnsweringEngine, reference: string, text: string): EngineImage | undefined {
  const document = parseJson(text);
  const one: unknown = Array.isArray(document) ? document[0] : document;
  const whole = isRecord(one) ? one : {};
  const { FromImageID: storageId, OCIv1: oci } = whole;
  const fields = lowerCased(isRecord(oci) ? oci : whole);
  const { os, architecture, variant, id = storageId } = fields;
  if (typeof os !== 'string' || typeof architecture !== 'string' || typeof id !== 'string') return undefined;
  const { entrypoint, cmd, env } = lowerCased(fields['config']);
  return {
    state: 'found',
    engine,
    reference,
    id,
    platform: {
      os,
      architecture,
      ...(typeof variant === 'string' && variant !== '' ? { variant } : {}),
    },
    words: [...wordsOf(entrypoint), ...wordsOf(cmd)],
    searchPath:
      wordsOf(env)
        .find((setting) => setting.startsWith('PATH='))
        ?.slice('PATH='.length) ?? '/usr/local/bin:/usr/bin:/bin',
  };
}

function lowerCased(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toLowerCase(), one]));
}

function wordsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
