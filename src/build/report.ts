import type { AnyarchError } from '../core/error.ts';
import type { Verified } from './verify.ts';
import type { BuildEngine, Candidate } from './engines/engine.ts';
import type { PlatformVerdict } from './runnable.ts';

/** What a build has done, or would do. */
export interface BuildReport {
  readonly engine: BuildEngine;
  readonly candidates: readonly Candidate[];
  /** `partial`: some platforms could not be built; then nothing has been named, written or pushed. */
  readonly outcome: 'planned' | 'built' | 'partial' | 'failed' | 'different';
  readonly platforms: readonly BuiltPlatform[];
  /** What the result is called in the engine's own storage. */
  readonly stored: readonly StoredName[];
  readonly outputs: readonly string[];
  readonly pushed: readonly PushedIndex[];
  /** What people should know. */
  readonly notes: readonly string[];
}

export interface BuiltPlatform extends PlatformVerdict {
  /** The words of the engine's command. */
  readonly command: readonly string[];
  readonly outcome: 'planned' | 'built' | 'failed';
  readonly id?: string;
  readonly durationMs?: number;
  readonly error?: AnyarchError;
  readonly verified?: Verified;
}

export interface StoredName {
  readonly name: string;
  /** `list`: one name for all platforms. */
  readonly kind: 'list' | 'image';
  readonly platforms: readonly string[];
}

/** An image as the registry has it, read back. */
export interface PushedIndex {
  readonly reference: string;
  readonly digest: string;
  readonly platforms: readonly string[];
}
