/** What tells an ELF executable of one architecture from others. */
export interface ExecutableIdentity {
  readonly class: 32 | 64;
  readonly endianness: 'little' | 'big';
  /** e_machine */
  readonly machine: number;
  /** e_flags, default 0 */
  readonly flags?: number;
}

/** Where `data` is loaded: code with absolute addresses relies on it. */
export const dataAddress = 0x41_0400;

const textAddress = 0x40_0000;
/** The largest page of any Linux host: segments keep to it, so that the file can be mapped on all of them. */
const alignment = 0x1_0000;
const dataOffset = dataAddress % alignment;

const ET_EXEC = 2;
const PT_LOAD = 1;
const PT_GNU_STACK = 0x6474_e551;
const PF_X = 1;
const PF_W = 2;
const PF_R = 4;

interface Segment {
  readonly type: number;
  readonly permissions: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
  readonly alignment: number;
}

/**
 * A static, position-dependent ELF executable without section headers: `text` readable and executable, entered
 * at its first byte, and, where given, `data` readable and writable at `dataAddress` with a stack that is not
 * executable.
 */
export function buildStaticExecutable(
  identity: ExecutableIdentity,
  text: Uint8Array,
  data?: Uint8Array,
): Uint8Array {
  const [headerSize, segmentHeaderSize] = identity.class === 64 ? [64, 56] : [52, 32];
  const segmentCount = data === undefined ? 1 : 3;
  const textOffset = headerSize + segmentHeaderSize * segmentCount;
  const textEnd = textOffset + text.length;
  const segments: Segment[] = [
    { type: PT_LOAD, permissions: PF_R | PF_X, offset: 0, address: textAddress, size: textEnd, alignment },
  ];
  if (data !== undefined) {
    if (textEnd > dataOffset) throw new Error(`${text.length} bytes of code leave no room before the data`);
    segments.push(
      {
        type: PT_LOAD,
        permissions: PF_R | PF_W,
        offset: dataOffset,
        address: dataAddress,
        size: data.length,
        alignment,
      },
      { type: PT_GNU_STACK, permissions: PF_R | PF_W, offset: 0, address: 0, size: 0, alignment: 16 },
    );
  }

  const file = new Uint8Array(data === undefined ? textEnd : dataOffset + data.length);
  const fields = fieldWriter(file, identity);
  writeHeader(fields, identity, {
    entry: textAddress + textOffset,
    headerSize,
    segmentHeaderSize,
    segmentCount,
  });
  for (const segment of segments) writeSegmentHeader(fields, identity, segment);
  file.set(text, textOffset);
  if (data !== undefined) file.set(data, dataOffset);
  return file;
}

interface HeaderSizes {
  readonly entry: number;
  readonly headerSize: number;
  readonly segmentHeaderSize: number;
  readonly segmentCount: number;
}

function writeHeader(fields: FieldWriter, identity: ExecutableIdentity, sizes: HeaderSizes): void {
  fields.bytes([0x7f, 0x45, 0x4c, 0x46]);
  fields.bytes([identity.class === 64 ? 2 : 1, identity.endianness === 'little' ? 1 : 2, 1]);
  fields.bytes(new Array<number>(9).fill(0)); // OS ABI: System V
  fields.half(ET_EXEC);
  fields.half(identity.machine);
  fields.integer(1);
  fields.address(sizes.entry);
  fields.address(sizes.headerSize);
  fields.address(0); // no section headers
  fields.integer(identity.flags ?? 0);
  fields.half(sizes.headerSize);
  fields.half(sizes.segmentHeaderSize);
  fields.half(sizes.segmentCount);
  fields.bytes(new Array<number>(6).fill(0));
}

function writeSegmentHeader(fields: FieldWriter, identity: ExecutableIdentity, segment: Segment): void {
  fields.integer(segment.type);
  if (identity.class === 64) fields.integer(segment.permissions);
  fields.address(segment.offset);
  fields.address(segment.address);
  fields.address(segment.address);
  fields.address(segment.size);
  fields.address(segment.size);
  if (identity.class === 32) fields.integer(segment.permissions);
  fields.address(segment.alignment);
}

interface FieldWriter {
  bytes(values: readonly number[]): void;
  half(value: number): void;
  integer(value: number): void;
  /** As wide as the file's class. */
  address(value: number): void;
}

function fieldWriter(file: Uint8Array, identity: ExecutableIdentity): FieldWriter {
  const view = new DataView(file.buffer);
  const little = identity.endianness === 'little';
  let position = 0;
  const advance = (size: number): number => {
    const start = position;
    position += size;
    return start;
  };
  return {
    bytes: (values) => {
      file.set(values, advance(values.length));
    },
    half: (value) => {
      view.setUint16(advance(2), value, little);
    },
    integer: (value) => {
      view.setUint32(advance(4), value, little);
    },
    address: (value) => {
      if (identity.class === 64) view.setBigUint64(advance(8), BigInt(value), little);
      else view.setUint32(advance(4), value, little);
    },
  };
}
