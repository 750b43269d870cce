/** How far a long step is. */
export interface Progress {
  readonly phase: 'download' | 'unpack' | 'upload' | 'compress' | 'save';
  /** What is worked on, for people: a file's name. */
  readonly subject: string;
  /** Bytes so far. A resumed download does not start at 0. */
  readonly received: number;
  /** Bytes altogether; undefined when nobody knows. */
  readonly total: number | undefined;
}

export type OnProgress = (progress: Progress) => void;
