import { AnyarchError } from '../core/error.ts';
import { formatReference, parseReference, withDefaultTag, type Reference } from '../core/oci/reference.ts';
import { quote } from '../core/text.ts';

/** Where an image is to be taken from, as skopeo's transports spell it. */
export type ImageName =
  | { readonly kind: 'registry'; readonly reference: Reference }
  /** A local file or directory; `part` names one image of several: a tag or a whole reference. */
  | {
      readonly kind: 'oci' | 'oci-archive' | 'docker-archive' | 'path';
      /** Absolute. */
      readonly path: string;
      readonly part: string | undefined;
    }
  /** What an engine has, as its own user calls it. */
  | { readonly kind: EngineKind; readonly engineName: string };

export type EngineKind = 'containers-storage' | 'docker-daemon';

const localKinds = ['oci', 'oci-archive', 'docker-archive'] as const;
const engineKinds: readonly EngineKind[] = ['containers-storage', 'docker-daemon'];
const spellings =
  'REF, docker://REF, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:REF], containers-storage:REF, docker-daemon:REF, or the path of a layout or an archive';

/** What is known of a path here. */
export interface Surroundings {
  /** Makes a path absolute. */
  readonly absolute: (path: string) => string;
  /** Whether a layout (a directory with `oci-layout`) or, by its name and being a file, an archive is there. */
  readonly isImagePath: (path: string) => boolean;
}

/**
 * Reads the name of an image. Text without a transport is a path when it begins with `/`, `./` or `../`, or when such an
 * image is there; everything else is a reference to a registry, as docker reads it.
 *
 * @throws AnyarchError ANYARCH_REFERENCE_INVALID
 */
export function parseImageName(text: string, { absolute, isImagePath }: Surroundings): ImageName {
  if (text.startsWith('docker://')) return registryName(text.slice('docker://'.length));
  for (const kind of localKinds)
    if (text.startsWith(`${kind}:`)) {
      const [path = '', ...part] = text.slice(kind.length + 1).split(':');
      if (path === '') throw invalid(text, 'it names no path');
      const named = part.join(':');
      return { kind, path: absolute(path), part: named === '' ? undefined : named };
    }
  for (const kind of engineKinds)
    if (text.startsWith(`${kind}:`)) {
      const engineName = text.slice(kind.length + 1);
      // A dash would make it an option of the engine's.
      if (!/^[\w[]/.test(engineName)) throw invalid(text, 'it names no image of the engine');
      return { kind, engineName };
    }
  if (/^\.{0,2}\/|^\.{1,2}$/.test(text) || isImagePath(text))
    return { kind: 'path', path: absolute(text), part: undefined };
  if (/^[a-z][a-z0-9-]*:\//.test(text)) throw invalid(text, 'its transport is not known');
  return registryName(text);
}

/** The same for whoever writes it: what the store of unpacked images knows it by. */
export function formatImageName(name: ImageName): string {
  switch (name.kind) {
    case 'registry':
      return formatReference(name.reference);
    case 'containers-storage':
    case 'docker-daemon':
      return `${name.kind}:${name.engineName}`;
    case 'path':
      return name.path;
    case 'oci':
    case 'oci-archive':
    case 'docker-archive':
      return `${name.kind}:${name.path}${name.part === undefined ? '' : `:${name.part}`}`;
  }
}

function registryName(text: string): ImageName {
  return { kind: 'registry', reference: withDefaultTag(parseReference(text)) };
}

function invalid(text: string, what: string): AnyarchError {
  return new AnyarchError('ANYARCH_REFERENCE_INVALID', `${quote(text, 120)} names no image: ${what}`, {
    hint: `write ${spellings}`,
    details: { reference: text.slice(0, 300) },
  });
}
