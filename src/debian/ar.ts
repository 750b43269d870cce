import { open } from 'node:fs/promises';
import { AnyarchError } from '../core/error.ts';

/** A file in an ar archive. */
export interface ArMember {
  readonly name: string;
  /** Offset of its first byte in the archive. */
  readonly start: number;
  /** Bytes. */
  readonly length: number;
}

const magic = '!<arch>\n';
const headerLength = 60;
/** A .deb has three. */
const maximumMembers = 64;

/**
 * The table of contents of an ar archive, as in deb(5).
 *
 * @throws AnyarchError ANYARCH_ARCHIVE_INVALID
 */
export async function readArMembers(path: string): Promise<ArMember[]> {
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const text = async (offset: number, length: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, offset);
      return buffer.toString('latin1', 0, bytesRead);
    };
    if ((await text(0, magic.length)) !== magic) throw invalid(path, 'it is no ar archive');
    const members: ArMember[] = [];
    for (let offset = magic.length; offset < size;) {
      const member = parseHeader(path, await text(offset, headerLength), offset + headerLength);
      if (member.start + member.length > size)
        throw invalid(path, `${member.name} ends after the end of the file`);
      if (members.length === maximumMembers)
        throw invalid(path, `it has more than ${maximumMembers} members`);
      members.push(member);
      // Members start at even offsets.
      offset = member.start + member.length + (member.length % 2);
    }
    return members;
  } finally {
    await handle.close();
  }
}

function parseHeader(path: string, header: string, start: number): ArMember {
  const size = header.slice(48, 58).trim();
  if (header.length !== headerLength || !header.endsWith('`\n') || !/^\d+$/.test(size)) {
    throw invalid(path, `there is no member's header at offset ${start - headerLength}`);
  }
  return { name: header.slice(0, 16).trim().replace(/\/$/, ''), start, length: Number(size) };
}

function invalid(path: string, what: string): AnyarchError {
  return new AnyarchError('ANYARCH_ARCHIVE_INVALID', `${path} is not a Debian package: ${what}`);
}
