import type { ErrorCode } from '../../core/error-code.ts';
import { AnyarchError } from '../../core/error.ts';
import { isRecord } from '../../core/json.ts';
import type { Comparison } from '../listing/compare.ts';
import type { WrittenListing } from '../listing/file.ts';
import type { OpenedLayer } from '../opened-image.ts';
import type { Limits } from '../tree/limits.ts';

/** The command and the worker, which runs in the namespace that the files belong to, speak by a file, or an argument, and by lines. */
export type Request =
  | {
      readonly task: 'unpack';
      readonly layers: readonly OpenedLayer[];
      readonly limits: Limits;
      readonly isSingleId: boolean;
    }
  | { readonly task: 'verify'; readonly image: string; readonly sha256: string }
  /** All that is in the working directory. */
  | { readonly task: 'remove' };

/** Names in a working directory of the worker. */
export const names = { request: 'request.json', tree: 'tree', listing: 'listing.gz' } as const;

export interface Unpacked extends WrittenListing {
  readonly deviceNodes: number;
  /** Extended attributes that were not set. */
  readonly xattrsLeftOut: number;
}

export interface Results {
  readonly unpack: Unpacked;
  readonly verify: Comparison;
  readonly remove: Record<string, never>;
}

export type Line =
  | { readonly progress: { readonly layer: number; readonly bytes: number } }
  | { readonly result: Results[keyof Results] }
  | { readonly error: CodedError };

interface CodedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly details?: AnyarchError['details'];
}

/** Undefined for one that is a bug, which must be seen with its stack. */
export function errorLine(error: unknown): Line | undefined {
  if (!(error instanceof AnyarchError)) return undefined;
  const { code, message, hint, details } = error;
  return {
    error: {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      details,
    },
  };
}

export function errorOf({ code, message, hint, details }: CodedError): AnyarchError {
  return new AnyarchError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  });
}

/** Undefined for anything else that was printed. */
export function parseProtocolLine(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isLine = isRecord(value) && ('progress' in value || 'result' in value || 'error' in value);
    return isLine ? (value as Line) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
