import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import { parseDenials, type Denial } from '../denials/parse-denials.ts';
import { fact } from '../examination.ts';

export interface LoggedDenial extends Denial {
  /** That the message tells of it. */
  readonly isTold?: boolean;
}

export interface LoggedDenials {
  /** The newest last, those of the message behind all others. */
  readonly denials: readonly LoggedDenial[];
  /** The logs that were read. */
  readonly read: readonly string[];
  /** Those that were not, with the reason. */
  readonly unread: readonly string[];
}

/** Bytes from the end of a log. */
const newest = 1024 * 1024;
const auditLog = '/var/log/audit/audit.log';

/**
 * What the audit says was refused since the boot, and last what a message says of it, whenever and wherever that was. Not every
 * machine logs it, and not everybody may read it.
 */
export const loggedDenials = fact(({ host, message }): LoggedDenials => {
  const logs = [auditText(host), commandText(host, ['dmesg']), commandText(host, journal)];
  const since = bootTime(host);
  const logged = logs.flatMap(({ text }) => (text === undefined ? [] : parseDenials(text)));
  const told = parseDenials(message?.text ?? '').map((denial) => ({ ...denial, isTold: true }));
  const recent = logged.filter(({ at }) => at === undefined || at >= since);
  // The same record may be in each of the logs, with another beginning; what a message tells is the newest.
  const found = new Map<string, LoggedDenial>();
  for (const denial of [...recent, ...told]) {
    found.delete(recordOf(denial));
    found.set(recordOf(denial), denial);
  }
  return {
    denials: [...found.values()],
    read: logs.flatMap(({ name, text }) => (text === undefined ? [] : [name])),
    unread: logs.flatMap(({ name, reason }) => (reason === undefined ? [] : [`${name}: ${reason}`])),
  };
});

interface Log {
  readonly name: string;
  readonly text?: string;
  /** Why it was not read. */
  readonly reason?: string;
}

const journal = ['journalctl', '--dmesg', '--boot', '--no-pager', '--output=cat', '--lines=5000'] as const;

function recordOf({ line }: Denial): string {
  return /\baudit\([\d.:]+\)/.exec(line)?.[0] ?? line;
}

function auditText({ files }: Pick<Host, 'files'>): Log {
  try {
    const status = files.status(auditLog);
    if (status === undefined) return { name: auditLog, reason: 'there is none' };
    const start = Math.max(0, status.size - newest);
    return { name: auditLog, text: decodeUtf8(files.readAt(auditLog, start, newest)) };
  } catch (error) {
    if (error instanceof SystemError) return { name: auditLog, reason: error.errno };
    throw error;
  }
}

function commandText({ processes }: Pick<Host, 'processes'>, command: readonly string[]): Log {
  const name = command[0] ?? '';
  const result = processes.run(command, { timeoutMs: 5000, environment: { LC_ALL: 'C' } });
  if (result.exitCode === 0) return { name, text: result.stdout };
  if (result.timedOut) return { name, reason: 'no answer within 5 s' };
  const [said = ''] = result.stderr.trim().split('\n', 1);
  return { name, reason: result.startError ?? (said === '' ? 'it failed' : said) };
}

/** Seconds since the epoch; 0 where it is not told. */
function bootTime({ files }: Pick<Host, 'files'>): number {
  try {
    return Number(/^btime (\d+)$/m.exec(decodeUtf8(files.read('/proc/stat')))?.[1] ?? 0);
  } catch (error) {
    if (error instanceof SystemError) return 0;
    throw error;
  }
}
