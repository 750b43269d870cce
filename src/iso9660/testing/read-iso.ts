import { decodeUtf8 } from '../../core/text.ts';

export interface ReadIso {
  readonly volumeId: string;
  /** Of the volume, by its descriptor. */
  readonly bytes: number;
  /** Paths and contents in hexadecimal. */
  readonly rockRidge: ReadonlyMap<string, string>;
  readonly joliet: ReadonlyMap<string, string>;
}

/** Reads an image by the standards, written without a look at the writer; refuses what strict readers refuse. */
export function readIso(image: Uint8Array): ReadIso {
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  const both = (offset: number): number => {
    const value = view.getUint32(offset, true);
    if (value !== view.getUint32(offset + 4, false)) throw new Error('the two byte orders differ');
    return value;
  };
  const descriptor = (type: number): number => {
    for (let at = 16 * 2048; image[at] !== 255; at += 2048) if (image[at] === type) return at;
    throw new Error(`no descriptor of type ${type}`);
  };

  function entriesOf(record: number, at: number): Map<string, Uint8Array> {
    const entries = new Map<string, Uint8Array>();
    const end = record + (image[record] ?? 0);
    for (let position = at; position + 4 <= end && image[position] !== 0;) {
      const length = image[position + 2] ?? 0;
      if (length < 4 || position + length > end) throw new Error('an entry leaves its record');
      entries.set(
        decodeUtf8(image.subarray(position, position + 2)),
        image.subarray(position + 4, position + length),
      );
      position += length;
    }
    return entries;
  }

  function walk(root: number, isJoliet: boolean): Map<string, string> {
    const found = new Map<string, string>();
    const visit = (record: number, prefix: string): void => {
      const start = both(record + 2) * 2048;
      const size = both(record + 10);
      let previous = '';
      let index = 0;
      for (let at = start; at < start + size;) {
        const length = image[at] ?? 0;
        if (length === 0) {
          at = (Math.floor(at / 2048) + 1) * 2048;
          continue;
        }
        if (Math.floor(at / 2048) !== Math.floor((at + length - 1) / 2048))
          throw new Error('a record crosses a border');
        const nameLength = image[at + 32] ?? 0;
        const identifier = image.subarray(at + 33, at + 33 + nameLength);
        if (index >= 2) {
          const hex = Buffer.from(identifier).toString('hex');
          if (hex <= previous) throw new Error('records are not in order');
          previous = hex;
          const entries = isJoliet ? undefined : entriesOf(at, at + 33 + nameLength + (1 - (nameLength % 2)));
          const name =
            entries === undefined
              ? new TextDecoder('utf-16be').decode(identifier)
              : decodeUtf8((entries.get('NM') ?? new Uint8Array()).subarray(1));
          if (((image[at + 25] ?? 0) & 2) !== 0) visit(at, `${prefix}${name}/`);
          else {
            const content = both(at + 2) * 2048;
            const bytes = image.subarray(content, content + both(at + 10));
            found.set(`${prefix}${name}`, Buffer.from(bytes).toString('hex'));
          }
        }
        index += 1;
        at += length;
      }
    };
    visit(root, '');
    return found;
  }

  const primary = descriptor(1);
  return {
    volumeId: decodeUtf8(image.subarray(primary + 40, primary + 72)).trimEnd(),
    bytes: both(primary + 80) * 2048,
    rockRidge: walk(primary + 156, false),
    joliet: walk(descriptor(2) + 156, true),
  };
}
