import { lookUpArchitecture } from '../core/architecture.ts';
import { printable, printableJson } from '../core/printable.ts';
import type { WatchEvent } from './event.ts';

/** One line for people: when, what, why, and what to do about it. */
export function eventText({ time, event, architecture, message, next, code }: WatchEvent): string {
  const platform =
    architecture === undefined
      ? undefined
      : lookUpArchitecture(architecture)?.platforms[0]?.replace(/^linux\//, '');
  const subject = architecture === undefined ? '' : `${platform ?? architecture}: `;
  const end = `${code === undefined ? '' : ` [${code}]`}${next === undefined ? '' : `; next: ${next}`}`;
  return `${printable(`${time.slice(0, 19)}Z  ${event.padEnd(16)}  ${subject}${message}${end}`)}\n`;
}

/** One line of JSON Lines. */
export function eventJson(event: WatchEvent): string {
  return `${printableJson(JSON.stringify(event))}\n`;
}
