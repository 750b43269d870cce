import { parseDocument } from 'yaml';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8, quote } from '../../core/text.ts';
import { isMapping, type CloudConfig, type CloudValue } from './cloud-config.ts';
import { misfitOf } from './known-keys.ts';
import { sourceBreaker } from './login-breakers.ts';

/** Bytes: cloud-init's documents have some kilobytes; clouds allow 16 to 256 KiB. */
const maximumBytes = 1 << 20;
const maximumDepth = 40;

/**
 * A file for `--cloud-init`, as version 1.1 of YAML, which cloud-init reads.
 *
 * @param origin for messages: the file's path
 * @throws AnyarchError ANYARCH_SEED_INVALID
 */
export function readCloudConfig(content: Uint8Array, origin: string): CloudConfig {
  if (content.length > maximumBytes)
    throw invalid(origin, `has ${content.length} bytes`, `more than ${maximumBytes} are not read`);
  const text = decodeUtf8(content);
  if (text.includes('\ufffd') || text.includes('\0'))
    throw invalid(origin, 'is no text in UTF-8', 'compressed and binary user data is not read');
  checkHeader(text, origin);
  const value = parsed(text, origin);
  if (value === null) return {};
  if (!isMapping(value))
    throw invalid(origin, 'has no keys at its top', 'it looks like "#cloud-config", then "packages: [jq]"');
  const misfit = misfitOf(value);
  if (misfit !== undefined) throw invalid(origin, misfit, 'cloud-init would skip it with a warning');
  const breaker = sourceBreaker(value);
  if (breaker !== undefined) throw invalid(origin, breaker, 'leave it out: anyarch could not log in');
  return value;
}

/** What it is, cloud-init tells by the first line alone. */
function checkHeader(text: string, origin: string): void {
  const [first = ''] = text.split(/\r?\n/, 1);
  if (/^#cloud-config\s*$/.test(first)) return;
  const isOther = /^(#!|#include|#cloud-|#part-handler|## template:|Content-Type:|MIME-Version:)/.test(first);
  throw invalid(
    origin,
    isOther ? `begins with ${quote(first)}` : 'does not begin with "#cloud-config"',
    isOther
      ? 'only #cloud-config can be merged with what anyarch needs: put scripts under "runcmd:", files under "write_files:"'
      : 'make "#cloud-config" its first line',
  );
}

function parsed(text: string, origin: string): CloudValue {
  try {
    const document = parseDocument(text, { version: '1.1', uniqueKeys: true, logLevel: 'error' });
    const [error] = document.errors;
    if (error !== undefined) throw error;
    const unknownTag = document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED');
    if (unknownTag !== undefined) throw unknownTag;
    const value = document.toJS({ maxAliasCount: 100 }) as unknown;
    checkValue(value, origin, 0);
    return value as CloudValue;
  } catch (error) {
    if (error instanceof AnyarchError) throw error;
    // The parser recurses: what is nested too deeply ends with a RangeError, aliases without end with a ReferenceError.
    const [message = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw invalid(origin, `cannot be read as YAML: ${message.slice(0, 200)}`, 'correct it', error);
  }
}

/** What YAML knows and a document for cloud-init has no use for. */
function checkValue(value: unknown, origin: string, depth: number): void {
  if (depth > maximumDepth)
    throw invalid(origin, `is nested more than ${maximumDepth} levels deep`, 'flatten it');
  if (Array.isArray(value)) {
    for (const item of value) checkValue(item, origin, depth + 1);
  } else if (value instanceof Map || value instanceof Set) {
    throw invalid(origin, 'has a set or an ordered map', 'take a plain list or mapping');
  } else if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  ) {
    for (const item of Object.values(value)) checkValue(item, origin, depth + 1);
  }
}

function invalid(origin: string, what: string, hint: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_SEED_INVALID', `${origin} ${what}`, {
    hint,
    details: { file: origin },
    cause,
  });
}
