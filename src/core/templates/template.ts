import { hexByte } from '../hex.ts';

/** What a file for another tool is written for. */
export interface TemplateTarget {
  /** The entry is called `qemu-NAME`. */
  readonly name: string;
  readonly magic: Uint8Array;
  readonly mask: Uint8Array;
}

/** A file for another tool, to be written as it is. */
export interface Template {
  /** Of the file, without its directory. */
  readonly fileName: string;
  readonly text: string;
}

export interface TemplateOptions {
  /** Path of the interpreter. */
  readonly interpreter: string;
  /** Flags C and O. */
  readonly credentials: boolean;
  /** Flag F. */
  readonly fixBinary: boolean;
  /** Flag P. */
  readonly preserveArgv0: boolean;
  /** Flag O without C, which only binfmt.d files can say. Default false. */
  readonly openBinary?: boolean;
}

/** As QEMU's script writes it: `\x7fELF\x01…`, all of it in hexadecimal for hppa. */
export function magicText({ name, magic }: TemplateTarget): string {
  return name === 'hppa' ? escaped(magic) : `\\x7fELF${escaped(magic.subarray(4))}`;
}

export function maskText({ mask }: TemplateTarget): string {
  return escaped(mask);
}

function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `\\x${hexByte(byte)}`).join('');
}
