export { collectLayers } from './collect-layers.ts';
export { createDisk } from './create-disk.ts';
export { type Backing, type LayerHost, type LayerOptions } from './create-layer.ts';
export { backingFile } from './backing-file.ts';
export { isUnwritten } from './is-unwritten.ts';
export { layerBytes } from './layer-bytes.ts';
export { tidyLayers } from './tidy-layers.ts';
export { activeDisk, layersDirectory } from './places.ts';
