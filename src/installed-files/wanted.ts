import { encodeUtf8 } from '../core/text.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

export const features = [
  'persistence',
  'watch',
  'rootless-podman',
  'rootless-docker',
  'rootless-buildah',
  'rootless-apptainer',
  'accelerate-podman',
  'accelerate-buildah',
  'accelerate-docker',
] as const;

/** Whose files they are. */
export type Feature = (typeof features)[number];

/** A file that a feature wants to be there. */
export interface WantedFile {
  /** Absolute. */
  readonly path: string;
  readonly content: Content;
  /** Default 0644. */
  readonly mode?: number;
}

export type Content =
  | string
  | Uint8Array
  | { readonly link: string }
  /** Another file's, which must have that SHA-256. */
  | { readonly copyOf: string; readonly sha256: string };

/** What tells a content from every other: `sha256:…` or `link:TARGET`. */
export type Identity = string;

type Parts = Pick<Host, 'files'>;

export function identityOf(content: Content, sha256: (data: Uint8Array) => string): Identity {
  if (typeof content === 'string') return `sha256:${sha256(encodeUtf8(content))}`;
  if (content instanceof Uint8Array) return `sha256:${sha256(content)}`;
  return 'link' in content ? `link:${content.link}` : `sha256:${content.sha256}`;
}

/** What is at a path; `other` for what is neither file nor link, undefined where nothing is. */
export function identityAt({ files }: Parts, path: string): Identity | undefined {
  const status = files.linkStatus(path);
  if (status === undefined) return undefined;
  if (status.kind === 'link') return `link:${files.readLink(path)}`;
  if (status.kind !== 'file') return 'other';
  const sha256 = ignoring(['ENOENT'], () => files.sha256(path));
  return sha256 === undefined ? undefined : `sha256:${sha256}`;
}

/**
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH when what was copied is not what was promised: then it is removed again
 * @throws SystemError
 */
export function writeContent({ files }: Parts, { path, content, mode = 0o644 }: WantedFile): void {
  if (typeof content === 'string') {
    files.writeAtomic(path, encodeUtf8(content), mode);
  } else if (content instanceof Uint8Array) {
    files.writeAtomic(path, content, mode);
  } else if ('link' in content) {
    files.writeLink(path, content.link);
  } else {
    files.writeAtomic(path, files.read(content.copyOf), mode);
    const actual = files.sha256(path);
    if (actual === content.sha256) return;
    files.remove(path);
    throw new AnyarchError(
      'ANYARCH_DIGEST_MISMATCH',
      `the copy of ${content.copyOf} at ${path} has SHA-256 ${actual} instead of ${content.sha256}`,
      { hint: 'anyarch emulators verify' },
    );
  }
}
