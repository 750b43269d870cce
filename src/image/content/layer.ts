import { formatCanonicalJson } from '../../core/oci/canonical-json.ts';
import { arranged, type LayerEntry } from './entry.ts';

/** A layer before it is packed. */
export interface LayerContent {
  /** For the image's history. */
  readonly what: string;
  readonly entries: readonly LayerEntry[];
}

/** What writes the tar, and a count to be raised when the same entries give another one. */
const tarFormat = 'tar-stream-3.2.2-1';

/** A text that is the same for two layers exactly when their tars are. */
export function layerIdentity({ entries }: LayerContent): string {
  const described = arranged(entries).map((entry) => {
    if (entry.kind !== 'file' || entry.content.kind === 'text') return { ...entry };
    const { kind, path, mode, content } = entry;
    return { kind, path, mode, content: { size: content.size, sha256: content.sha256 } };
  });
  return formatCanonicalJson({ tarFormat, entries: described });
}
