export interface UnpackProgress {
  /** The layer that is being unpacked, from 1. */
  readonly layer: number;
  readonly layers: number;
  /** Bytes of the layers' files that are done, and of all. */
  readonly bytes: number;
  readonly totalBytes: number;
}

export interface UnpackOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UnpackProgress) => void;
}
