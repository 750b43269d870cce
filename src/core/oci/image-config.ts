import { isDigest, type Digest } from './digest.ts';
import {
  asFields,
  invalid,
  listField,
  optionalTextField,
  parseDocument,
  textListField,
  textMapField,
} from './fields.ts';
import { readImagePlatform, type ImagePlatform } from './image-platform.ts';

/** What an image runs and what it is made of (image-spec 1.1, config.md). Docker's configuration reads the same. */
export interface ImageConfig extends ImagePlatform {
  /** RFC 3339. */
  readonly created?: string;
  readonly author?: string;
  readonly config: ContainerConfig;
  /** `diff_ids`: digests of the layers' tars before compression, the lowest first. */
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly Digest[] };
  readonly history?: readonly HistoryEntry[];
}

export interface ContainerConfig {
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  /** `NAME=value`. */
  readonly Env?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface HistoryEntry {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID @param place names the document in messages */
export function parseImageConfig(text: string, place: string): ImageConfig {
  const fields = parseDocument(text, place);
  const rootfs = asFields(fields.values['rootfs'], `${place}: rootfs`);
  const diffIds = listField(rootfs, 'diff_ids').map((id) => {
    if (!isDigest(id)) throw invalid(rootfs.place, 'a diff_id is no SHA-256');
    return id;
  });
  const created = optionalTextField(fields, 'created');
  const author = optionalTextField(fields, 'author');
  return {
    ...readImagePlatform(fields.values, place),
    ...(created === undefined ? {} : { created }),
    ...(author === undefined ? {} : { author }),
    config: readContainerConfig(fields.values['config'] ?? {}, `${place}: config`),
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: listField(fields, 'history').map((entry, position) =>
      readHistory(entry, `${place}: history[${position}]`),
    ),
  };
}

function readContainerConfig(value: unknown, place: string): ContainerConfig {
  const fields = asFields(value, place);
  const [user, directory] = [optionalTextField(fields, 'User'), optionalTextField(fields, 'WorkingDir')];
  const labels = textMapField(fields, 'Labels');
  const lists = (['Entrypoint', 'Cmd', 'Env'] as const).flatMap((name) => {
    const list = textListField(fields, name);
    return list.length === 0 ? [] : [[name, list] as const];
  });
  return {
    ...Object.fromEntries(lists),
    ...(user === undefined || user === '' ? {} : { User: user }),
    ...(directory === undefined || directory === '' ? {} : { WorkingDir: directory }),
    ...(labels === undefined ? {} : { Labels: labels }),
  };
}

function readHistory(value: unknown, place: string): HistoryEntry {
  const fields = asFields(value, place);
  const texts = (['created', 'created_by', 'comment'] as const).flatMap((name) => {
    const text = optionalTextField(fields, name);
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    ...Object.fromEntries(texts),
    ...(fields.values['empty_layer'] === true ? { empty_layer: true } : {}),
  };
}
