import { findArchitecture } from '../../core/architecture.ts';
import { debianArchitecture } from '../../core/debian-architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { GuestFacts } from './guest-facts.ts';

/**
 * Guests with the newest packages of a suite.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE; ANYARCH_PACKAGE_NOT_FOUND where Debian has not the architecture
 */
export function suiteGuest(suite: string, architecture: string): GuestFacts {
  const debian = debianArchitecture(architecture);
  if (debian === undefined)
    throw new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `Debian has no packages for ${architecture}`, {
      details: { architecture },
    });
  return {
    name: `${suite} ${debian}`,
    architecture: findArchitecture(debian),
    debian,
    distribution: 'debian',
    suite,
    installed: undefined,
  };
}
