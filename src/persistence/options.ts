import type { InterposedOf } from '../emulators/index.ts';
import type { InitName } from './init/init-name.ts';

export interface PersistOptions {
  /** Default `stateDirectory`. */
  readonly state?: string;
  /** The command line, for the record. */
  readonly by?: string;
  /** Change nothing, report what would be done. */
  readonly dryRun?: boolean;
  /** What is used in the place of a chosen emulator. Default: that one. */
  readonly interposed?: InterposedOf;
  /** Files of ours that somebody changed make way, and are kept beside; to enable: also `force` of `register`. */
  readonly force?: boolean;
}

export interface EnableOptions extends PersistOptions {
  /** Names of any kind; `all`: everything that there is an emulator for; `registered`: what anyarch has in the table. */
  readonly architectures: readonly string[] | 'all' | 'registered';
  /** Default: what is in use already, else what runs here. */
  readonly init?: InitName;
  /** Version or path of the emulators. */
  readonly qemu?: string;
  /** Flag C. Default: as it is registered now, else as it is persisted. */
  readonly credentials?: boolean;
}

export interface DisableOptions extends PersistOptions {
  /** Names of any kind. */
  readonly architectures: readonly string[] | 'all';
  /** Also remove the entries that are in the table now. */
  readonly now?: boolean;
}
