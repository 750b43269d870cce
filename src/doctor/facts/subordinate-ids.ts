import { fact } from '../examination.ts';
import { textOf } from './read-text.ts';

export interface SubordinateIds {
  /** The name of this process's user, or the id where it has none. */
  readonly user: string;
  /** By path; empty where a file is not there. */
  readonly texts: Readonly<Record<'/etc/subuid' | '/etc/subgid', string>>;
}

export const subordinateIds = fact(({ host }): SubordinateIds => {
  const { stdout } = host.processes.run(['id', '-un'], { timeoutMs: 5000 });
  return {
    user: stdout.trim() || `${host.system.uid}`,
    texts: {
      '/etc/subuid': textOf(host, '/etc/subuid') ?? '',
      '/etc/subgid': textOf(host, '/etc/subgid') ?? '',
    },
  };
});
