import type { ContainerConfig } from '../../core/oci/image-config.ts';
import { programPath } from './base-layer.ts';
import type { ImageTag } from './tag.ts';

/** Kubernetes' runtimes set none. */
const searchPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * How an image of a tag starts. Predecessors' images of one architecture have no entry point, so that a command is the
 * program to run: `IMAGE /usr/bin/qemu-aarch64-static --version`. Without one, such an image registers its emulator.
 */
export function containerConfig(tag: ImageTag, labels: Readonly<Record<string, string>>): ContainerConfig {
  const start =
    tag.content.kind === 'one'
      ? { Cmd: [programPath, 'register', tag.content.target] }
      : { Entrypoint: [programPath] };
  const dialect = tag.dialect === undefined ? [] : [`ANYARCH_DIALECT=${tag.dialect}`];
  // As tonistiigi's released images: their entries have flag P.
  if (tag.dialect === 'binfmt') dialect.push('QEMU_PRESERVE_ARGV0=1');
  return { ...start, Env: [searchPath, ...dialect], WorkingDir: '/', Labels: labels };
}
