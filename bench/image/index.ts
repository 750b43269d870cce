import { inNamespaces } from '../in-namespaces.ts';
import type { Library } from '../library.ts';
import type { MeasureOptions } from '../measure.ts';
import type { Section } from '../section.ts';
import { inspectLayout } from './inspect-layout.ts';
import type { Order } from './inside.ts';
import type { ImageOptions } from './options.ts';
import { rootSizes } from './root-sizes.ts';
import { prepareRoots } from './roots/index.ts';
import type { SizeTable } from './sizes.ts';
import { tagSizes } from './tag-sizes.ts';
import { compileTimer } from './timer.ts';

export interface ImageComparison {
  readonly sections: readonly Section[];
  readonly sizeTables: readonly SizeTable[];
}

/** The image and its predecessors: how large they are, and how quickly they start and register. */
export async function compareImages(
  library: Library,
  options: MeasureOptions & ImageOptions & { readonly scratch: string },
): Promise<ImageComparison> {
  const { rounds, warmUps, scratch } = options;
  const roots = await prepareRoots(library, options);
  const own = { name: 'anyarch', directory: roots.own.registerRoot };
  const sizeTables: SizeTable[] = [
    {
      title: 'Size of an image that registers, without emulators',
      rows: rootSizes([own, roots.binfmt, roots.busybox, roots.debian], scratch),
      baseline: 'anyarch',
    },
    {
      title: 'Size of our images',
      rows: tagSizes([...options.images, roots.own.layout].map(inspectLayout)),
    },
  ];
  const order: Order = { rounds, warmUps, stage: { ...roots, timer: compileTimer(scratch) } };
  const inside = new URL('inside.ts', import.meta.url);
  return { sections: (await inNamespaces(inside, order)) as Section[], sizeTables };
}
