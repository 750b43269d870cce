import { isRecord, parseJson } from '../../core/json.ts';
import { AnyarchError } from '../../core/error.ts';
import type { ImagePlatform } from '../../core/oci/image-platform.ts';
import type { BuildEngine } from './engine.ts';
import { fieldsOf } from './ask.ts';

/** The words that print what an engine knows of an image that it has. */
export function inspectImage({ name }: Pick<BuildEngine, 'name'>, id: string): string[] {
  const digits = id.replace(/^sha256:/, '');
  switch (name) {
    case 'buildah':
      return ['buildah', 'inspect', '--type', 'image', digits];
    case 'podman':
      return ['podman', 'image', 'inspect', digits];
    case 'docker':
    case 'docker-buildx':
      return ['docker', 'image', 'inspect', id];
  }
}

/** @throws AnyarchError ANYARCH_ENGINE_FAILED for a text that it is not in */
export function readPlatform({ name }: Pick<BuildEngine, 'name'>, text: string): ImagePlatform {
  const document = parseJson(text);
  const one: unknown = Array.isArray(document) ? document[0] : document;
  const fields = name === 'buildah' ? fieldsOf(fieldsOf(one)['OCIv1']) : lowerCased(one);
  const { os, architecture, variant } = fields;
  if (typeof os !== 'string' || typeof architecture !== 'string')
    throw new AnyarchError('ANYARCH_ENGINE_FAILED', `what ${name} says about an image cannot be read`, {
      hint: 'please report it, with the version of the engine',
    });
  return { os, architecture, ...(typeof variant === 'string' && variant !== '' ? { variant } : {}) };
}

/** Whether an image is of the platform that was asked for; engines leave the variant out of many. */
export function isOfPlatform(found: ImagePlatform, wanted: ImagePlatform): boolean {
  if (found.os !== wanted.os || found.architecture !== wanted.architecture) return false;
  if (found.variant === undefined || wanted.variant === undefined) return true;
  return found.variant === wanted.variant;
}

function lowerCased(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key.toLowerCase(), one]));
}
