import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { formatReference, parseReference, withDefaultTag, type Reference } from '../core/oci/reference.ts';
import { quote } from '../core/text.ts';
import type { Log } from '../host/host.ts';
import { readableSubject, refName, type Layout } from './layout.ts';

/** One image that is to stand under one reference. */
export interface PlannedPush {
  readonly reference: Reference;
  readonly root: Descriptor;
}

export interface PushSelection {
  /** What the image is called in the layout, where that does not follow from the reference. */
  readonly image?: string | undefined;
  /** The references name repositories: every named image of the layout goes there under its own name. */
  readonly allTags?: boolean | undefined;
}

/** @throws AnyarchError ANYARCH_USAGE, ANYARCH_REFERENCE_INVALID, ANYARCH_IMAGE_INVALID */
export function planPush(
  layout: Layout,
  references: readonly Reference[],
  { image, allTags = false }: PushSelection,
  log: Log,
): PlannedPush[] {
  const images = imagesOf(layout, log);
  if (allTags) return references.flatMap((reference) => allOf(layout, images, reference));
  return references.map((given) => {
    const reference = withDefaultTag(given);
    const root = choose(layout, images, reference, image);
    if (reference.digest !== undefined && reference.digest !== root.digest)
      throw usage(`${formatReference(reference)} is not the image in ${layout.directory}: ${root.digest}`);
    return { reference, root };
  });
}

/**
 * What stands for itself; SBOMs and the like go with what they are about. What cannot be read is warned of and counts only
 * where it is meant by its name, or where there is nothing else: its push then says more.
 */
function imagesOf(layout: Layout, log: Log): Descriptor[] {
  const images: Descriptor[] = [];
  const unreadable: Descriptor[] = [];
  for (const descriptor of layout.index.manifests) {
    const subject = readableSubject(layout, descriptor);
    if (subject instanceof AnyarchError) {
      log.warn(subject.message);
      unreadable.push(descriptor);
    } else if (subject === undefined) images.push(descriptor);
  }
  const meant = images.length === 0 ? unreadable : unreadable.filter((one) => refName(one) !== undefined);
  return [...images, ...meant];
}

function allOf(layout: Layout, images: readonly Descriptor[], given: Reference): PlannedPush[] {
  if (given.tag !== undefined || given.digest !== undefined)
    throw usage(`--all-tags takes a repository, not ${formatReference(given)}`);
  const planned = images.flatMap((root) => {
    const name = refName(root);
    if (name === undefined) return [];
    const tag = /[/:]/.test(name) ? withDefaultTag(parseReference(name)).tag : name;
    return [{ root, reference: parseReference(`${formatReference(given)}:${tag ?? ''}`) }];
  });
  if (planned.length === 0) throw usage(`no image in ${layout.directory} has a name`);
  return planned;
}

function choose(
  layout: Layout,
  images: readonly Descriptor[],
  reference: Reference,
  image: string | undefined,
): Descriptor {
  const names = image === undefined ? [formatReference(reference), reference.tag] : [image];
  for (const name of names) {
    const found = name === undefined ? undefined : images.find((one) => refName(one) === name);
    if (found !== undefined) return found;
  }
  const [only, ...others] = new Map(images.map((one) => [one.digest, one])).values();
  if (image === undefined && only !== undefined && others.length === 0) return only;
  const known = images.map((one) => refName(one) ?? one.digest);
  throw usage(
    only === undefined
      ? `${layout.directory} holds no image`
      : `${layout.directory} has no image called ${names.map((name) => quote(name ?? '')).join(' or ')}; it has ${known.join(', ')}`,
    only === undefined
      ? undefined
      : '--image NAME says which one is meant, --all-tags pushes all under their names',
  );
}

function usage(message: string, hint?: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', message, hint === undefined ? {} : { hint });
}
