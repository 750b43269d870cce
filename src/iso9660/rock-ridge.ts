import { concatBytes } from '../core/bytes.ts';
import { encodeUtf8 } from '../core/text.ts';
import { bothEndian32, recordedTime } from './numbers.ts';

// IEEE P1281 (SUSP) and P1282 (Rock Ridge): entries behind a directory record's name, each with its signature and length.

const directoryMode = 0o040555;
const fileMode = 0o100000;

/** Of the root directory itself. */
export function rootEntries(modifiedMs: number, reference: number): Uint8Array[] {
  return [
    // Tells that entries begin here; the two bytes are a check.
    entry('SP', Uint8Array.of(0xbe, 0xef, 0)),
    attributes(directoryMode, 2),
    times(modifiedMs),
    // Where the rest is, which is too long for the record.
    entry('CE', concatBytes([reference, 0, extensionReference.length].map(bothEndian32))),
  ];
}

/** Of `.` and `..`. */
export function namelessEntries(modifiedMs: number): Uint8Array[] {
  return [attributes(directoryMode, 2), times(modifiedMs)];
}

export function directoryEntries(name: string, modifiedMs: number): Uint8Array[] {
  return [...namelessEntries(modifiedMs), named(name)];
}

/** @param mode permission bits */
export function fileEntries(name: string, mode: number, modifiedMs: number): Uint8Array[] {
  return [attributes(fileMode | mode, 1), times(modifiedMs), named(name)];
}

function named(name: string): Uint8Array {
  return entry('NM', concatBytes([Uint8Array.of(0), encodeUtf8(name)]));
}

/** Names the standard that the entries keep to. */
export const extensionReference = ((): Uint8Array => {
  const identifier = encodeUtf8('RRIP_1991A');
  const description = encodeUtf8(
    'THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS',
  );
  const source = encodeUtf8('SEE IEEE P1282');
  return entry(
    'ER',
    concatBytes([
      Uint8Array.of(identifier.length, description.length, source.length, 1),
      identifier,
      description,
      source,
    ]),
  );
})();

/** Mode, links, user, group. */
function attributes(mode: number, links: number): Uint8Array {
  return entry('PX', concatBytes([mode, links, 0, 0].map(bothEndian32)));
}

/** Modified, accessed, attributes changed. */
function times(ms: number): Uint8Array {
  const time = recordedTime(ms);
  return entry('TF', concatBytes([Uint8Array.of(0x0e), time, time, time]));
}

function entry(signature: string, content: Uint8Array): Uint8Array {
  return concatBytes([encodeUtf8(signature), Uint8Array.of(content.length + 4, 1), content]);
}
