import type { ByteComparison } from '../core/match.ts';
import type { Linkage } from '../core/elf.ts';
import type { MountState } from '../host/kernel-table.ts';
import type { Owner } from './owner.ts';

/** What execve would do with a file here, as data for people (the command line draws it) and for `--json`. */
export interface Explanation {
  readonly path: string;
  readonly table: { readonly path: string; readonly state: MountState; readonly enabled: boolean };
  /** The files that the kernel looks at one after the other: the program, then what it is run by. */
  readonly levels: readonly Level[];
  readonly verdict: Verdict;
}

export interface Level {
  readonly path: string;
  readonly content: Content;
  /** The newest first; empty where the kernel does not get so far. */
  readonly entries: readonly EntryVerdict[];
  /** Who takes the file: the winning entry, the script loader, the ELF loader, or nobody. */
  readonly takenBy: 'entry' | 'script' | 'kernel' | 'nobody';
  /** The winning entry's name. */
  readonly winner: string | undefined;
}

export type Content =
  | {
      readonly kind: 'elf';
      /** QEMU's target name; undefined when QEMU has none for it. */
      readonly architecture: string | undefined;
      readonly class: 32 | 64;
      readonly endianness: 'little' | 'big';
      /** e_machine */
      readonly machine: number;
      readonly linkage: Linkage;
      /** PT_INTERP: the program's dynamic loader. */
      readonly loader: string | undefined;
      readonly isNative: boolean;
    }
  | {
      readonly kind: 'script';
      readonly interpreter: string;
      readonly argument: string | undefined;
      readonly isShellText: boolean;
    }
  | {
      readonly kind: 'other';
      readonly description: string;
      /** Shells run it as a script of theirs when execve fails with ENOEXEC. */
      readonly isShellText: boolean;
    }
  /** The kernel does not get to see the content. */
  | { readonly kind: 'unseen'; readonly errno: string; readonly reason: string };

export interface EntryVerdict {
  readonly name: string;
  readonly owner: Owner;
  readonly interpreter: string | undefined;
  readonly result: 'wins' | 'shadowed' | 'disabled' | 'switched-off' | 'differs' | 'unreadable';
  /** One clause: why it wins or loses. */
  readonly reason: string;
  /** Header, mask and magic, one element a byte; empty for entries that are far from matching and for extensions. */
  readonly bytes: readonly ByteComparison[];
}

export interface Verdict {
  /** `emulated`: an entry's interpreter runs it, whatever that is. */
  readonly outcome: 'native' | 'emulated' | 'fails';
  /** What execve fails with. */
  readonly errno: string | undefined;
  readonly reason: string;
  /** The path of the program that really runs. */
  readonly runs: string | undefined;
  /** Messages and exit codes that people get to see when it fails, by the program that prints them. */
  readonly messages: readonly SeenMessage[];
  /** What to type next. */
  readonly remedy: string | undefined;
}

export interface SeenMessage {
  readonly by: string;
  readonly message: string;
  readonly exitCode: number | undefined;
}
