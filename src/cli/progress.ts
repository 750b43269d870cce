import { printable } from '../core/printable.ts';
import type { Progress } from '../transfer/index.ts';
import type { Context } from './command.ts';

/** Drawing more often helps nobody. */
const intervalMs = 100;

/** Shows progress on one line of stderr while `work` runs; nothing where no person watches. */
export async function withProgress<T>(
  { terminal, host, json }: Pick<Context, 'terminal' | 'host' | 'json'>,
  work: (onProgress: (progress: Progress) => void) => Promise<T>,
): Promise<T> {
  if (!terminal.interactive || json) return await work(() => undefined);
  let drawnAt = -intervalMs;
  try {
    return await work((progress) => {
      const now = host.clock.monotonic();
      if (now - drawnAt < intervalMs && progress.received !== progress.total) return;
      drawnAt = now;
      terminal.writeError(`\r\x1b[K${formatProgress(progress, terminal.columns)}`);
    });
  } finally {
    terminal.writeError('\r\x1b[K');
  }
}

const barWidth = 24;

/** One line of at most `columns` characters. */
export function formatProgress({ phase, subject, received, total }: Progress, columns: number): string {
  const size = `${megabytes(received)}${total === undefined ? '' : ` of ${megabytes(total)}`} MB`;
  const share = total === undefined || total === 0 ? undefined : Math.min(received / total, 1);
  const bar =
    share === undefined
      ? ''
      : `[${'#'.repeat(Math.round(share * barWidth)).padEnd(barWidth, '.')}] ${Math.floor(share * 100)} % `;
  return `${phase.padEnd(8)} ${bar}${size}  ${printable(subject)}`.slice(0, Math.max(columns - 1, 0));
}

/** With one digit behind the point. */
export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
