/** A format that notes when it was written; its content without that. */
export interface NormalForm {
  readonly name: string;
  readonly reason: string;
  /** Whether a file may be of the format, by its path and its first 8 bytes (Latin-1). */
  readonly isLike: (path: string, head: string) => boolean;
  /** The bytes without times; undefined for files of another format or damaged ones. */
  readonly strip: (content: Buffer, path: string) => Buffer | undefined;
}

const magic = '!<arch>\n';
const headerSize = 60;

/** Formats whose files differ in each build. A difference is explained only if nothing but the times differ. */
const normalForms: readonly NormalForm[] = [
  {
    name: 'gzip-time',
    reason: 'the header of a gzip file has the time of the compressed file (RFC 1952, MTIME)',
    isLike: (_, head) => head.startsWith('\x1f\x8b'),
    strip: (content) => {
      if (content.length < 18 || content[0] !== 0x1f || content[1] !== 0x8b) return undefined;
      const stripped = Buffer.from(content);
      stripped.fill(0, 4, 8);
      return stripped;
    },
  },
  {
    name: 'ar-time',
    reason: 'the members of an archive have times unless it was made with D (ar(1)); so have .deb files',
    isLike: (_, head) => head === magic,
    strip: stripArchive,
  },
  {
    name: 'pyc-time',
    reason: 'compiled Python notes the time of its source (PEP 552, flags 0)',
    isLike: (path) => path.endsWith('.pyc'),
    strip: (content, path) => {
      if (!path.endsWith('.pyc') || content.length < 16 || content.readUInt16LE(2) !== 0x0a0d)
        return undefined;
      // With flags a hash of the source stands there.
      if (content.readUInt32LE(4) !== 0) return undefined;
      const stripped = Buffer.from(content);
      stripped.fill(0, 8, 12);
      return stripped;
    },
  },
  {
    name: 'shadow-day',
    reason: 'shadow(5) has the day on which a password was last changed',
    isLike: isShadow,
    strip: (content, path) => {
      if (!isShadow(path)) return undefined;
      const lines = content.toString('latin1').split('\n');
      return Buffer.from(
        lines.map((line) => line.replace(/^([^:]*:[^:]*:)\d+:/, '$1:')).join('\n'),
        'latin1',
      );
    },
  },
];

/** Whether it is worth reading two files whole, to compare them without what their format notes. */
export function mayBeNormalForm(path: string, heads: readonly string[]): boolean {
  return normalForms.some(({ isLike }) => heads.every((head) => isLike(path, head)));
}

/** The formats by which two contents are the same. */
export function sameNormalForm(a: Buffer, b: Buffer, path: string): NormalForm | undefined {
  return normalForms.find(({ strip }) => {
    const [first, second] = [strip(a, path), strip(b, path)];
    return first !== undefined && second !== undefined && first.equals(second);
  });
}

function isShadow(path: string): boolean {
  return /^etc\/g?shadow-?$/.test(path);
}

function stripArchive(content: Buffer): Buffer | undefined {
  if (content.toString('latin1', 0, magic.length) !== magic) return undefined;
  const stripped = Buffer.from(content);
  for (let at = magic.length; at + headerSize <= stripped.length;) {
    if (stripped.toString('latin1', at + 58, at + 60) !== '`\n') return undefined;
    const size = Number(stripped.toString('latin1', at + 48, at + 58).trim());
    if (!Number.isSafeInteger(size) || size < 0) return undefined;
    stripped.fill(0x20, at + 16, at + 28);
    at += headerSize + size + (size % 2);
  }
  return stripped;
}
