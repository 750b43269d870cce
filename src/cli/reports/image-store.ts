import { printableLines } from '../../core/printable.ts';
import { withoutEngineDigest } from '../../image-source/index.ts';
import type { Difference, ListedImage, RemovedImage, VerifiedImage } from '../../image-store/index.ts';
import { megabytes } from '../progress.ts';
import type { Style } from '../style.ts';
import { formatColumns, headRow, painted, type Cell } from '../table.ts';

export function formatImages(images: readonly ListedImage[], style: Style): string {
  if (images.length === 0) return 'no image is unpacked. Next: anyarch run --image REF\n';
  const rows = images.flatMap(({ references, image, platform, size, lastUsedAt }) => {
    const [first = '', ...others] = namesOf(references);
    const used = lastUsedAt.slice(0, 16).replace('T', ' ');
    return [[first, platform, shortDigest(image), megabytes(size), used], ...others.map((name) => [name])];
  });
  return formatColumns([headRow(style.bold, ['IMAGE', 'PLATFORM', 'DIGEST', 'MB', 'LAST USED']), ...rows]);
}

/** Differences that are shown of one image; the document has more. */
const shownAtMost = 20;

export function formatVerified(images: readonly VerifiedImage[], style: Style): string {
  if (images.length === 0) return 'no image is unpacked\n';
  const rows = images.flatMap((image): Cell[][] => {
    const { outcome, differences, differenceCount, error, entries } = image;
    const subject = nameOf(image);
    if (outcome === 'intact')
      return [[painted(style.green, outcome), subject, `${entries ?? 0} files and directories`]];
    const first = error === undefined ? `${differenceCount} differences` : `${error.message} [${error.code}]`;
    const shown = differences.slice(0, shownAtMost);
    const more = differenceCount - shown.length;
    return [
      [painted(style.red, outcome), subject, first],
      ...shown.map((difference): Cell[] => ['', difference.what, pathOf(difference)]),
      ...(more > 0 ? [['', '', `and ${more} more`]] : []),
    ];
  });
  const isBad = images.some(({ outcome }) => outcome !== 'intact');
  return (
    formatColumns(rows) +
    (isBad ? 'next: anyarch image remove IMAGE (it is unpacked again when needed)\n' : '')
  );
}

interface RemovalText {
  readonly dryRun: boolean;
  readonly style: Style;
}

export function formatRemoved(images: readonly RemovedImage[], { dryRun, style }: RemovalText): string {
  if (images.length === 0) return 'there is nothing to remove\n';
  const words: Readonly<Record<RemovedImage['outcome'], Cell>> = {
    removed: painted(style.green, dryRun ? 'would go' : 'removed'),
    untagged: painted(style.green, dryRun ? 'would lose the name' : 'lost the name'),
    'in-use': painted(style.yellow, 'in use'),
    failed: painted(style.red, 'failed'),
  };
  const rows = images.map((image): Cell[] => [
    words[image.outcome],
    nameOf(image),
    image.error === undefined
      ? `${megabytes(image.size)} MB`
      : `${image.error.message} [${image.error.code}]`,
  ]);
  const hints = new Set(images.flatMap(({ error }) => (error?.hint === undefined ? [] : [error.hint])));
  return formatColumns(rows) + printableLines([...hints].map((hint) => `next: ${hint}\n`).join(''));
}

/** As they can be given to commands, the newest first. Digests have a column of their own. */
function namesOf(references: readonly string[]): string[] {
  return [...new Set(references.toReversed().map(withoutEngineDigest))];
}

function nameOf({ references, path }: Pick<VerifiedImage, 'references' | 'path'>): string {
  return namesOf(references)[0] ?? path.slice(path.lastIndexOf('/') + 1).slice(0, 12);
}

function shortDigest(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}

function pathOf({ path }: Difference): string {
  return `/${Buffer.from(path, 'latin1').toString('utf8')}`;
}
