import type { ElfImage } from '../elf/image.ts';

/** What one kind of program is rewritten by. */
export interface AdaptationInput {
  /** Its bytes are changed in place. */
  readonly native: ElfImage;
  /** What it has to behave as. */
  readonly guest: ElfImage;
  /** Debian's names of the architectures. */
  readonly debian: { readonly host: string; readonly guest: string };
  /** Where containers see the set: `/dev/.anyarch/abc234`. */
  readonly directory: string;
}

/**
 * Rewrites a native program in place.
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when anything is not exactly as expected
 */
export type Adaptation = (input: AdaptationInput) => void;
