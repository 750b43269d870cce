import { parse, stringify } from 'yaml';
import { fields, listOf, ofType, type Shape } from '../../core/document-shape.ts';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { isMapping, type CloudConfig, type CloudValue } from './cloud-config.ts';

/** What the guest is told once, at its first start, beside what access to it needs. */
export interface FirstStart {
  /** The public half of a key of the user's, which may log in beside the machine's own: `publicKeyOf`. */
  readonly sshKey?: string | undefined;
  readonly password?: string | undefined;
  readonly packages: readonly string[];
  readonly runCommands: readonly string[];
  readonly userData?: CloudConfig | undefined;
  /** Whether a machine that this one is a copy of was told more, which is on the disk: a password of its user's stays. */
  readonly isPast?: boolean | undefined;
}

/** For a guest whose disk has had it all. */
export const past: FirstStart = { packages: [], runCommands: [], isPast: true };

const text = ofType('string');
const mapping: Shape = (value, at) => (isMapping(value as CloudValue | undefined) ? undefined : at);
const shape = fields({
  'sshKey?': text,
  'password?': text,
  packages: listOf(text),
  runCommands: listOf(text),
  'userData?': mapping,
  'isPast?': ofType('boolean'),
});

/** YAML keeps what a document of the user's may have and JSON does not: dates and bytes. */
const yaml = { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

/** Beside the seed, as secret as that: a copy of a machine that never ran has to be told the same. */
export function writeFirstStart(
  { writeAtomic }: Pick<Files, 'writeAtomic'>,
  path: string,
  first: FirstStart,
): void {
  writeAtomic(path, encodeUtf8(stringify(first, yaml)), 0o600);
}

/**
 * @returns undefined where there is none
 * @throws AnyarchError ANYARCH_STATE_INVALID
 */
export function readFirstStart({ read }: Pick<Files, 'read'>, path: string): FirstStart | undefined {
  const bytes = ignoring(['ENOENT'], () => read(path));
  if (bytes === undefined) return undefined;
  const value = parsed(decodeUtf8(bytes));
  if (shape(value, '') === undefined) return value as FirstStart;
  throw new AnyarchError('ANYARCH_STATE_INVALID', `${path} is damaged`, {
    hint: `its seed tells the machine the same: once that has been started nobody needs the file any more: rm ${path}`,
    details: { path },
  });
}

function parsed(content: string): unknown {
  try {
    return parse(content, { version: yaml.version, logLevel: 'error' }) as unknown;
  } catch {
    return undefined;
  }
}
