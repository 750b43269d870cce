/** One of the things that are compared. */
export interface Contender {
  readonly name: string;
  /** Makes what all its runs need. */
  readonly prepare?: () => void;
  /**
   * Does the job once, which is what is timed; may name parts of it that it has timed itself. A part with the contender's
   * own name takes the place of the whole time.
   */
  readonly run: () => Parts | undefined;
  /**
   * Looks, outside the time, whether the job has been done.
   * @returns a detail for the reader, such as the number of entries
   * @throws Error when it has not
   */
  readonly check?: () => string;
  /** Undoes the job, outside the time. */
  readonly reset?: () => void;
  /** Takes away what `prepare` has made, or begun to make. */
  readonly close?: () => void;
}

/** Milliseconds by name. */
type Parts = Readonly<Record<string, number>>;

/** Something that this machine does not have: named and left out. */
export interface Missing {
  readonly name: string;
  readonly missing: string;
}

export type Peer = Contender | Missing;

export function isMissing(peer: object): peer is Missing {
  return 'missing' in peer;
}
