import { fromHex, toHex } from '../../../src/core/hex.ts';

/** What passes between a test and the program under test, one JSON document a line. */
export interface Call {
  /** `['files', 'read']`; without a function at its end, the value that is there. */
  readonly path: readonly string[];
  readonly args: readonly unknown[];
}

export type Answer = { readonly value: unknown } | { readonly error: WireError };

export interface WireError {
  readonly errno?: string | undefined;
  readonly call?: string | undefined;
  readonly path?: string | undefined;
  readonly message: string;
}

/** JSON with bytes and `undefined`. Of a function it passes that it is one. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part instanceof Uint8Array) return { $bytes: toHex(part) };
    if (typeof part === 'function') return { $function: true };
    return part === undefined ? { $undefined: true } : part;
  });
}

export function decode(text: string): unknown {
  return revive(JSON.parse(text));
}

function notHere(): never {
  throw new Error('functions stay where they are');
}

/** Not JSON.parse's reviver, for which `undefined` means that the property is to go. */
function revive(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(revive);
  if (typeof part !== 'object' || part === null) return part;
  const { $bytes: bytes, $undefined: none, $function: isFunction } = part as Record<string, unknown>;
  if (typeof bytes === 'string') return fromHex(bytes);
  if (none === true) return undefined;
  if (isFunction === true) return notHere;
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, revive(value)]));
}
