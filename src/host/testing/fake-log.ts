import type { Log } from '../host.ts';

export interface LoggedMessage {
  readonly level: keyof Log;
  readonly message: string;
}

/** Keeps what is logged. */
export interface FakeLog extends Log {
  readonly messages: readonly LoggedMessage[];
}

export function fakeLog(): FakeLog {
  const messages: LoggedMessage[] = [];
  const at = (level: keyof Log) => (message: string) => {
    messages.push({ level, message });
  };
  return { messages, debug: at('debug'), info: at('info'), warn: at('warn') };
}
