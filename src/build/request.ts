import type { Platform } from '../core/platform.ts';

/** What is to be built, in words that every engine has. */
export interface BuildRequest {
  /** At least one, each once. */
  readonly platforms: readonly Platform[];
  /** `-t`, as the user wrote them; at least one. */
  readonly names: readonly string[];
  /** An absolute path, or a URL that the engine fetches by itself. */
  readonly context: string;
  /** Absolute; undefined where the engine's own choice in the context counts. */
  readonly file: string | undefined;
  readonly buildArgs: readonly string[];
  readonly target: string | undefined;
  readonly secrets: readonly string[];
  readonly labels: readonly string[];
  readonly annotations: readonly string[];
  readonly noCache: boolean;
  readonly pull: boolean;
  readonly cacheFrom: readonly string[];
  readonly cacheTo: readonly string[];
  readonly progress: string | undefined;
  /** The engine's own, passed on as they are. */
  readonly ownOptions: readonly string[];
}
