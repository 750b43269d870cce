import { AnyarchError } from '../core/error.ts';

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const least = 1000;

/**
 * `90`, `90s`, `10m`, `1h30m`: seconds where no unit is given.
 *
 * @param what the option, for the message
 * @returns milliseconds, at least a second
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseDuration(what: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])?/gy)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === text;
  // `1h30` may be meant as minutes or as seconds.
  const isClear = parts.length === 1 || parts.every(([, , unit]) => unit !== undefined);
  const ms = parts.reduce(
    (sum, [, amount, unit = 's']) => sum + Number(amount) * units[unit as keyof typeof units],
    0,
  );
  if (isWhole && isClear && ms >= least && ms <= Number.MAX_SAFE_INTEGER) return ms;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `${what} takes a time of at least a second, not "${text.slice(0, 60)}"`,
    { hint: `${what} 10m; units are s, m, h and d: 90, 90s, 1h30m` },
  );
}

/** `1.5 s`, `12 min`. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${Number(seconds.toFixed(1))} s`;
  const minutes = seconds / 60;
  return minutes < 120 ? `${Number(minutes.toFixed(1))} min` : `${Number((minutes / 60).toFixed(1))} h`;
}
