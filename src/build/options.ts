import type { BuildEngineName } from './engines/engine.ts';
import type { Output } from './output.ts';
import type { BuildRequest } from './request.ts';

export interface BuildOptions {
  readonly request: BuildRequest;
  /** `docker` means either of docker's builders; default: the first engine that answers. */
  readonly engine: Exclude<BuildEngineName, 'docker-buildx'> | undefined;
  /** To every name. */
  readonly push: boolean;
  readonly connection: { readonly authfile: string | undefined; readonly insecure: boolean };
  readonly outputs: readonly Output[];
  /** Platforms built at a time. */
  readonly jobs: number;
  readonly verify: boolean;
  /** The Dockerfile runs nothing of a foreign platform: nobody asks whether that would be possible. */
  readonly noEmulation: boolean;
  readonly dryRun: boolean;
  /** `SOURCE:/dev/.anyarch:ro`; undefined where there is no tool tree. */
  readonly volume: string | undefined;
  /** Without acceleration. */
  readonly plain: boolean;
  /** Whether the engine adds the tool tree by itself (`accelerate enable`); asked for docker only. */
  readonly isAccelerated: () => boolean;
  /** The state directory. */
  readonly state: string;
  /** How anyarch itself is started. */
  readonly command: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Gets what the engine prints. */
  readonly write: (text: string) => void;
}
