import { fileKernelTable } from '../../../src/host/file-kernel-table.ts';
import type { Host } from '../../../src/host/host.ts';
import type { Session } from './session.ts';

/** The host of a session's program, as this process calls it. */
export function sessionHost(session: Session): Host {
  const files = part(session, 'files') as Host['files'];
  const path = session.call({ path: ['binfmt', 'path'], args: [] }) as string;
  const binfmt = part(session, 'binfmt') as Host['binfmt'];
  return {
    files,
    processes: part(session, 'processes') as Host['processes'],
    executor: part(session, 'executor') as Host['executor'],
    // A table is made of functions, which do not pass: here it is made upon the session's files.
    binfmt: {
      path,
      state: () => binfmt.state(),
      trigger: () => {
        binfmt.trigger();
      },
      mount: () => {
        binfmt.mount();
      },
      tryLock: () => binfmt.tryLock?.(),
      isOwn: () => binfmt.isOwn(),
      table: () => fileKernelTable(files, path),
    },
    clock: part(session, 'clock') as Host['clock'],
    log: part(session, 'log') as Host['log'],
    system: session.call({ path: ['system'], args: [] }) as Host['system'],
  };
}

function part(session: Session, name: string): unknown {
  const get =
    (_: object, member: string | symbol) =>
    (...args: unknown[]): unknown =>
      session.call({ path: [name, String(member)], args });
  return new Proxy({}, { get });
}
