/**
 * What comes through the report descriptor: records of two 32-bit integers in the host's byte order. The launcher's
 * own failure record is { step, errno }; the others begin with a number that no step has.
 */
export const recordKinds = { ready: 0xfffffffd, refusal: 0xfffffffe, status: 0xffffffff } as const;

export type Report =
  /** The namespaces are there; the parent is to write the id maps. */
  | { readonly kind: 'ready' }
  /** execve of one candidate failed with this errno. */
  | { readonly kind: 'refusal'; readonly errno: number }
  /** The guest ended; the status is what wait4(2) wrote. */
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'failure'; readonly step: number; readonly errno: number };

const recordSize = 8;

/** The complete records in `bytes`; a torn one at the end is left out. */
export function readReports(bytes: Uint8Array, littleEndian: boolean): Report[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const reports: Report[] = [];
  for (let offset = 0; offset + recordSize <= bytes.byteLength; offset += recordSize)
    reports.push(readReport(view.getUint32(offset, littleEndian), view.getInt32(offset + 4, littleEndian)));
  return reports;
}

function readReport(first: number, second: number): Report {
  if (first === recordKinds.ready) return { kind: 'ready' };
  if (first === recordKinds.refusal) return { kind: 'refusal', errno: -second };
  if (first === recordKinds.status) return { kind: 'status', status: second };
  return { kind: 'failure', step: first, errno: second };
}

/** A record's first half as the launcher writes it. */
export function recordHead(kind: keyof typeof recordKinds, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, recordKinds[kind], littleEndian);
  return bytes;
}
