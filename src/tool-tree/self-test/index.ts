import type { Host } from '../../host/host.ts';
import type { SelfTestInput, SelfTestResult } from './tested.ts';

export { testPackages } from './packages.ts';
export type { SelfTestInput, SelfTestResult, TestedTool } from './tested.ts';

/**
 * Runs every tool's lines twice in the guest, emulated and with the tree: what they print, how they end and what they leave must be the same, and the
 * substitution must have taken place.
 *
 * @throws AnyarchError as `runGuest`; the signal's reason
 */
export async function selfTestTools(host: Host, input: SelfTestInput): Promise<readonly SelfTestResult[]> {
  return await (await import('./self-test.ts')).runSelfTest(host, input);
}
