import type { Files } from '../../host/files.ts';
import { withoutControls } from '../life/console-tail.ts';
import { findDeadEnd, type DeadEnd } from './dead-ends.ts';
import { hasNetworkAddress } from './network-table.ts';
import { furthestMilestone, isFurther, type Milestone } from './milestones.ts';

export interface ConsoleWatch {
  /** Reads what has come since the last look. */
  look(): ConsoleNews;
}

export interface ConsoleNews {
  /** New bytes. */
  readonly bytes: number;
  /** Furthest so far. */
  readonly milestone: Milestone | undefined;
  readonly deadEnd: { readonly end: DeadEnd; readonly what: string } | undefined;
  /** What cloud-init has said of the network so far; undefined where it has not. */
  readonly hasAddress: boolean | undefined;
  /** The last line that says something. */
  readonly line: string;
}

/** A line that a look cuts in two is looked at again with the next. */
const kept = 4096;
/** What a guest that prints without end may cost a look. */
const atMost = 1024 * 1024;

/** @param from where in the file this start of the machine begins, in bytes */
export function watchConsole(files: Files, path: string, from: number): ConsoleWatch {
  const decoder = new TextDecoder();
  let offset = from;
  let tail = '';
  let milestone: Milestone | undefined;
  let hasAddress: boolean | undefined;
  return {
    look: () => {
      const size = files.status(path)?.size ?? 0;
      // Somebody has emptied it.
      if (size < offset) offset = 0;
      const start = Math.max(offset, size - atMost);
      const fresh = size > start ? files.readAt(path, start, size - start) : new Uint8Array();
      offset = start + fresh.length;
      const text = withoutControls(`${tail}${decoder.decode(fresh, { stream: true })}`);
      const found = fresh.length === 0 ? undefined : furthestMilestone(text);
      if (found !== undefined && (milestone === undefined || isFurther(found.name, milestone.name)))
        milestone = found;
      if (fresh.length > 0) hasAddress = hasNetworkAddress(text) ?? hasAddress;
      tail = text.slice(-kept);
      return {
        bytes: fresh.length,
        milestone,
        hasAddress,
        deadEnd: findDeadEnd(text),
        line: lastLine(text),
      };
    },
  };
}

function lastLine(text: string): string {
  return (
    text
      .split('\n')
      .findLast((line) => line.trim() !== '')
      ?.trim() ?? ''
  );
}
