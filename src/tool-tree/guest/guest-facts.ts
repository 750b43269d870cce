import type { Architecture } from '../../core/architecture.ts';

/** What is known about guests that a set is to serve. */
export interface GuestFacts {
  /** For people: `trixie arm64`, or where it is. */
  readonly name: string;
  readonly architecture: Architecture;
  /** Debian's name: `armhf`. */
  readonly debian: string;
  /** `ID` in os-release: `debian`, `ubuntu`. */
  readonly distribution: string;
  /** Debian's or Ubuntu's name of the release: `trixie`. */
  readonly suite: string;
  /** Versions of installed packages by name; undefined: the newest of the suite. */
  readonly installed: ReadonlyMap<string, string> | undefined;
}
