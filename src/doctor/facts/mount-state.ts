import type { MountState } from '../../host/kernel-table.ts';
import { fact } from '../examination.ts';

export interface FoundMount {
  /** Before anybody touched it. */
  readonly before: MountState;
  /** After that, which mounts what is behind an autofs. */
  readonly after: MountState;
  /** Why an autofs is one still; undefined where it is none. */
  readonly problem: string | undefined;
}

/** Milliseconds; systemd mounts it in a few. */
const timeoutMs = 2000;

/**
 * How the table is mounted. An autofs whose daemon does not answer blocks whoever looks into it for ever, so another process
 * looks first: ask for this before anything that looks into the table.
 */
export const mountState = fact(({ host: { binfmt, processes } }): FoundMount => {
  const before = binfmt.state();
  if (before !== 'autofs') return { before, after: before, problem: undefined };
  const touched = processes.run(['ls', binfmt.path], { timeoutMs });
  const after = binfmt.state();
  if (after !== 'autofs') return { before, after, problem: undefined };
  const problem = touched.timedOut
    ? `nobody answered for ${timeoutMs / 1000} s`
    : touched.stderr.trim() || 'touching it mounted nothing';
  return { before, after, problem };
});

/** @throws Error where looking into the table would block */
export const requireAnswer = fact((examination): void => {
  const { after, problem } = mountState(examination);
  if (after === 'autofs')
    throw new Error(
      `${examination.host.binfmt.path} is an automount point that does not mount: ${problem ?? ''}`,
    );
});
