import type { Host } from '../../host/host.ts';
import type { Emulated } from '../../private-table/index.ts';
import type { GuestFacts } from '../guest/guest-facts.ts';
import type { MakeSet } from '../make-set.ts';
import type { OffersOptions } from '../../debian/index.ts';
import type { SelfTestInput, SelfTestResult } from '../self-test/index.ts';
import type { Tool, ToolGroup } from '../tool.ts';

export interface PrepareOptions extends OffersOptions {
  /** The state directory (host/state-directory.ts). */
  readonly state: string;
  readonly guest: GuestFacts;
  /** Default: all. */
  readonly groups?: readonly ToolGroup[] | undefined;
  /** Says what would be made. */
  readonly dryRun?: boolean | undefined;
  /** Of anyarch: sets of another one are made anew. */
  readonly version: string;
  /** An emulator with the interposer, for the tests; asked for when there is something to test. */
  readonly emulated: () => Promise<Emulated>;
  /** For people: what is tested now. */
  readonly onTest?: ((text: string) => void) | undefined;
  /** Instead of the real ones. */
  readonly parts?: {
    readonly tools?: readonly Tool[];
    readonly makeSet?: MakeSet;
    readonly selfTest?: (host: Host, input: SelfTestInput) => Promise<readonly SelfTestResult[]>;
  };
}
