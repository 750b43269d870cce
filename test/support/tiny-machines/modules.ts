import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The drivers that are wanted; what they need comes with them. */
const wanted = ['virtio_pci', 'virtio_mmio', 'virtio_blk', 'virtio_net', 'e1000'];

/** Copies modules in the order in which they can be loaded, which their names tell. */
export function unpackModules(files: readonly string[], target: string, further: readonly string[]): void {
  mkdirSync(target);
  const byName = new Map(files.map((file) => [nameOf(file), file]));
  const ordered: string[] = [];
  const visit = (name: string): void => {
    const file = byName.get(name);
    // Others are built into the kernel.
    if (file === undefined || ordered.includes(file)) return;
    for (const dependency of dependenciesOf(file)) visit(dependency);
    ordered.push(file);
  };
  for (const name of [...wanted, ...further]) visit(name);
  for (const [index, file] of ordered.entries())
    copyFileSync(file, join(target, `${String(index).padStart(2, '0')}-${basename(file)}`));
}

function nameOf(file: string): string {
  return basename(file).replace(/\.ko$/, '').replaceAll('-', '_');
}

/** The section .modinfo has texts that end with a zero byte: `depends=virtio,virtio_ring`. */
function dependenciesOf(file: string): string[] {
  const text = readFileSync(file, 'latin1');
  const list = /\0depends=([^\0]*)\0/.exec(text)?.[1] ?? '';
  return list.split(',').map((name) => name.replaceAll('-', '_'));
}
