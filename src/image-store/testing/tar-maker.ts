/** A member as a test describes it. Names are bytes (Latin-1). */
export interface Member {
  readonly path: string;
  /** Type flag; default a file, or a directory where the path ends in a slash. */
  readonly type?: string;
  readonly link?: string;
  readonly content?: string | Buffer;
  /** What the header says instead of the content's length. */
  readonly size?: number;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  readonly major?: number;
  readonly minor?: number;
  /** Records of a PAX header before it. */
  readonly pax?: Readonly<Record<string, string | Buffer>>;
}

const block = 512;

/** A tar with exactly these members, whatever nonsense they are: no library writes the hostile ones. */
export function makeTar(members: readonly Member[], { end = true } = {}): Buffer {
  return Buffer.concat([...members.flatMap(memberBlocks), ...(end ? [Buffer.alloc(2 * block)] : [])]);
}

export function memberBlocks(member: Member): Buffer[] {
  const content = Buffer.from(member.content ?? '');
  const records = { ...longNames(member), ...member.pax };
  const pax = Object.keys(records).length === 0 ? [] : paxBlocks(records);
  return [...pax, headerOf({ size: content.length, ...member }), padded(content)];
}

function longNames({ path, link = '' }: Member): Record<string, string> {
  return {
    ...(path.length > 100 ? { path } : {}),
    ...(link.length > 100 ? { linkpath: link } : {}),
  };
}

function paxBlocks(records: Readonly<Record<string, string | Buffer>>): Buffer[] {
  const text = Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, value)));
  return [headerOf({ path: 'PaxHeader', type: 'x', size: text.length }), padded(text)];
}

function paxRecord(key: string, value: string | Buffer): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  const rest = Buffer.concat([Buffer.from(` ${key}=`), bytes, Buffer.from('\n')]);
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

export function headerOf(member: Member): Buffer {
  const { path, link = '', mode, uid = 0, gid = 0, size = 0, mtime = 1_600_000_000 } = member;
  const isDirectory = path.endsWith('/');
  const header = Buffer.alloc(block);
  header.write(path.slice(0, 100), 0, 'latin1');
  writeNumber(header, 100, 8, mode ?? (isDirectory ? 0o755 : 0o644));
  writeNumber(header, 108, 8, uid);
  writeNumber(header, 116, 8, gid);
  writeNumber(header, 124, 12, size);
  writeNumber(header, 136, 12, mtime);
  header.write(member.type ?? (isDirectory ? '5' : '0'), 156, 'latin1');
  header.write(link.slice(0, 100), 157, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  writeNumber(header, 329, 8, member.major ?? 0);
  writeNumber(header, 337, 8, member.minor ?? 0);
  return withChecksum(header);
}

export function withChecksum(header: Buffer): Buffer {
  header.write('        ', 148, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
}

/** Octal where it fits, else GNU's base 256. */
function writeNumber(header: Buffer, start: number, length: number, value: number): void {
  const digits = value < 0 ? '' : value.toString(8);
  if (value >= 0 && digits.length < length) {
    header.write(`${digits.padStart(length - 1, '0')}\0`, start, 'latin1');
    return;
  }
  let rest = BigInt.asUintN(length * 8 - 1, BigInt(value));
  for (let index = start + length - 1; index >= start; index -= 1) {
    header[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  header[start] = (header[start] ?? 0) | 0x80;
}

function padded(content: Buffer): Buffer {
  const rest = content.length % block;
  return rest === 0 ? content : Buffer.concat([content, Buffer.alloc(block - rest)]);
}
