import { decodeUtf8 } from '../core/text.ts';

export interface ScriptLine {
  readonly interpreter: string;
  /** Everything behind it: the kernel passes it as ONE argument. */
  readonly argument: string | undefined;
}

/**
 * Reads a `#!` line as the kernel does (fs/binfmt_script.c); undefined when the file is no script to it.
 *
 * @param header the file's first 256 bytes: a longer line is cut off, and refused when the cut is in the interpreter
 */
export function readScriptLine(header: Uint8Array): ScriptLine | undefined {
  if (header[0] !== 0x23 || header[1] !== 0x21) return undefined;
  const end = header.findIndex((byte) => byte === 0x0a || byte === 0);
  const line = decodeUtf8(header.subarray(2, end === -1 ? header.length : end)).replace(/^[ \t]+/, '');
  const isCutOff = end === -1 && header.length >= 256 && !/[ \t]/.test(line);
  const match = /^([^ \t]+)[ \t]*(.*?)[ \t]*$/s.exec(line);
  if (match?.[1] === undefined || isCutOff) return undefined;
  return { interpreter: match[1], argument: match[2] === '' ? undefined : match[2] };
}
