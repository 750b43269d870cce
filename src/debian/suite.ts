import { AnyarchError } from '../core/error.ts';

/** A name becomes a part of URLs. `trixie`, `bookworm-backports`, `buster/updates`. */
const suiteName = /^[a-z0-9][a-z0-9.-]*(\/updates)?$/;

/** @throws AnyarchError ANYARCH_USAGE for what no suite of Debian can be called */
export function checkSuite(suite: string): void {
  if (suiteName.test(suite) && !suite.includes('..')) return;
  throw new AnyarchError('ANYARCH_USAGE', `no suite can be called "${suite.slice(0, 60)}"`, {
    hint: 'suites are called for example trixie or trixie-backports',
    details: { suite: suite.slice(0, 100) },
  });
}
