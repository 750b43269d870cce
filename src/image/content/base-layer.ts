import { formatCanonicalJson } from '../../core/oci/canonical-json.ts';
import { directory, textFile, type FileContent, type LayerEntry } from './entry.ts';
import type { LayerContent } from './layer.ts';
import { notices } from './notices.ts';

/** Where the program is in every image. */
export const programPath = '/usr/bin/anyarch';

/**
 * Names by which people start the predecessors' programs in manifests that bypass the entry point, and the directory
 * that dbhi/qus keeps its emulators in.
 */
const predecessorPaths: readonly (readonly [path: string, target: string])[] = [
  ['register', '/usr/bin/anyarch'],
  ['qemu-binfmt-conf.sh', '/usr/bin/anyarch'],
  ['usr/bin/binfmt', 'anyarch'],
  ['qus/register', '/usr/bin/anyarch'],
  ['qus/bin', '/usr/bin'],
];

export interface Licences {
  /** Text of the project's own. */
  readonly own: string;
  /** Texts of what is linked into the program; undefined where whoever built it left them out. */
  readonly linked: string | undefined;
}

/** What every image has: the program, and what programs expect of a root file system that has nothing else. */
export function baseLayer(program: FileContent, licences: Licences): LayerContent {
  const links = predecessorPaths.map(([path, target]): LayerEntry => ({ kind: 'symlink', path, target }));
  return {
    what: 'the program anyarch and what a root file system needs',
    entries: [
      { kind: 'file', path: programPath.slice(1), mode: 0o755, content: program },
      ...links,
      // The program knows by this file that it runs in an image of its own.
      textFile('usr/share/anyarch/image.json', `${formatCanonicalJson({ schema: 1 })}\n`),
      textFile('usr/share/doc/anyarch/copyright', notices),
      textFile('usr/share/doc/anyarch/LICENSE', licences.own),
      ...(licences.linked === undefined
        ? []
        : [textFile('usr/share/doc/anyarch/LICENSES.txt', licences.linked)]),
      // Engines look up root there.
      textFile('etc/passwd', 'root:x:0:0:root:/:/usr/bin/anyarch\n'),
      textFile('etc/group', 'root:x:0:\n'),
      directory('tmp', 0o1777),
      directory('var/lib/anyarch'),
    ],
  };
}
