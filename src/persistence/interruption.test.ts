import { describe, expect, it } from 'vitest';
import { buildProbe } from '../core/probe/probe.ts';
import type { Files } from '../host/files.ts';
import type { KernelTable } from '../host/kernel-table.ts';
import { AnyarchError } from '../core/error.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { disable } from './disable.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import {
  debianHost,
  entriesOf,
  installEmulator,
  openrcHost,
  state,
  systemdHost,
} from './testing/persistence-host.ts';

const changing = [
  'writeOnce',
  'writeAtomic',
  'createExclusive',
  'makeDirectory',
  'rename',
  'remove',
  'removeDirectory',
  'writeLink',
] as const satisfies readonly (keyof Files)[];

/** Asks before each change of files and of the table. */
function watched(host: FakeHost, ask: (path: string) => void): FakeHost {
  const methods = changing.map((name) => [
    name,
    (path: string, ...rest: unknown[]) => {
      ask(path);
      return (host.files[name] as (...args: unknown[]) => unknown)(path, ...rest);
    },
  ]);
  const table = (): KernelTable => {
    const real = host.binfmt.table();
    return {
      ...real,
      register: (rule) => {
        ask('register');
        real.register(rule);
      },
      control: (name, command) => {
        ask(name);
        real.control(name, command);
      },
    };
  };
  return {
    ...host,
    files: { ...host.files, ...(Object.fromEntries(methods) as Partial<Files>) },
    binfmt: { ...host.binfmt, table },
    processes: {
      ...host.processes,
      run: (command, options) => {
        if (command[0] === 'update-binfmts') ask(command.join(' '));
        return host.processes.run(command, options);
      },
    },
  };
}

const architectures = ['arm64', 's390x'];

interface Transition {
  readonly prepare: () => FakeHost;
  readonly act: (host: FakeHost) => unknown;
  /** Architectures that are registered before, and must keep running. */
  readonly running: readonly string[];
}

const inits = ['systemd', 'debian', 'openrc'] as const;
const hosts = { systemd: systemdHost, debian: debianHost, openrc: openrcHost };

type Init = (typeof inits)[number];

const fresh = (init: Init): FakeHost => {
  const host = hosts[init]();
  host.files.addDirectory('/etc/binfmt.d');
  return host;
};

const upgraded = (init: Init): FakeHost => {
  const host = fresh(init);
  enable(host, { architectures, init });
  installEmulator(host, 's390x', '11.2.0');
  return host;
};

const transitions = Object.fromEntries(
  inits.flatMap((init): [string, Transition][] => [
    [
      `enabling with ${init}`,
      { prepare: () => fresh(init), act: (host) => enable(host, { architectures, init }), running: [] },
    ],
    [
      `upgrading with ${init}`,
      {
        prepare: () => upgraded(init),
        act: (host) => enable(host, { architectures, qemu: 'system' }),
        running: ['aarch64', 's390x'],
      },
    ],
    [
      `disabling with ${init}`,
      {
        prepare: () => upgraded(init),
        act: (host) => disable(host, { architectures: 'all' }),
        running: ['aarch64', 's390x'],
      },
    ],
    [
      `disabling one with ${init}`,
      {
        prepare: () => upgraded(init),
        act: (host) => disable(host, { architectures: ['arm64'] }),
        running: ['aarch64', 's390x'],
      },
    ],
  ]),
);

/** What counts of a machine: not inodes and times. */
function outcome(host: FakeHost) {
  const persisted = readPersisted(host, state);
  const { architectures: entries, files } = persistStatus(host);
  const table = Object.fromEntries([...entriesOf(host)].toSorted());
  return {
    persisted: persisted && { ...persisted, at: '' },
    entries,
    files,
    table,
    configuration: host.files.list('/etc/binfmt.d').toSorted(),
    formats: host.files.status('/var/lib/binfmts') && host.files.list('/var/lib/binfmts').toSorted(),
    services: ['/etc/init.d', '/etc/runlevels'].filter((path) => host.files.status(path) !== undefined),
    directory:
      host.files.status('/usr/local/lib/anyarch') && host.files.list('/usr/local/lib/anyarch').toSorted(),
  };
}

/** Also `outcome` of a machine that nothing was ever done to, but for its directories. */
function nothingLeft(host: FakeHost): ReturnType<typeof outcome> {
  const formats = host.files.status('/var/lib/binfmts') && [];
  const none = { persisted: undefined, entries: [], files: [], table: {}, directory: undefined };
  return { ...none, configuration: [], formats, services: [] };
}

/** Architectures whose programs run. */
function runningIn(host: FakeHost): string[] {
  return ['aarch64', 's390x'].filter((target) => {
    host.files.addFile('/tmp/program', buildProbe(target), { mode: 0o755 });
    const { kind } = host.executor.execute('/tmp/program');
    host.files.remove('/tmp/program');
    return kind === 'exited';
  });
}

function dropLocks(host: FakeHost): void {
  if (host.files.status(state) === undefined) return;
  for (const name of host.files.list(state))
    if (name.includes('.lock')) host.files.remove(`${state}/${name}`);
}

describe.each(Object.entries(transitions))('%s', (_, { prepare, act, running }) => {
  const expected = (() => {
    const host = prepare();
    act(host);
    return outcome(host);
  })();
  const paths: string[] = [];
  {
    const host = prepare();
    act(watched(host, (path) => paths.push(path)));
  }

  it('killed at every change, is completed by the next call, and nothing stops running meanwhile', () => {
    expect(paths.length).toBeGreaterThan(20);
    for (let step = 0; step < paths.length; step += 1) {
      const host = prepare();
      if (/lock|probe/.test(paths[step] ?? '')) continue;
      let count = 0;
      const dying = watched(host, () => {
        if (count++ >= step) throw new Error('killed');
      });
      expect(() => act(dying)).toThrow('killed');
      dropLocks(host);
      expect(runningIn(host)).toEqual(expect.arrayContaining([...running]));
      act(host);
      expect(outcome(host)).toEqual(expected);
    }
  }, 60_000);

  it.each([false, true])(
    'killed at every change, leaves nothing that `disable` does not find; without the record, too: %s',
    (isLost) => {
      for (let step = 0; step < paths.length; step += 3) {
        if (/lock|probe/.test(paths[step] ?? '')) step += 1;
        const host = prepare();
        let count = 0;
        const dying = watched(host, () => {
          if (count++ >= step) throw new Error('killed');
        });
        expect(() => act(dying)).toThrow('killed');
        dropLocks(host);
        if (isLost && host.files.status(`${state}/persistence.json`) !== undefined)
          host.files.addFile(`${state}/persistence.json`, '{');
        disable(host, { architectures: 'all', now: true });
        const { table, ...left } = outcome(host);
        // What had another emulator by then is a registration like any other, and nobody knows any more that it goes.
        const isOurs = ([, text]: readonly [string, string]) => text.includes('/usr/local/lib/anyarch');
        const named = Object.entries(table).filter((one) => !isLost || isOurs(one));
        expect({ ...left, table: Object.fromEntries(named) }).toEqual(nothingLeft(host));
      }
    },
    60_000,
  );

  it.each(['ENOSPC', 'EIO'])(
    'refused with %s at every change of a file, has a code, and is completed by the next call',
    (errno) => {
      for (const path of new Set(
        paths.filter((one) => /binfmt\.d\/|anyarch\/(?!.*lock|.*probe|digests)/.test(one)),
      )) {
        const host = prepare();
        host.files.fail({ errno, path, method: 'writeAtomic', times: 1 });
        host.files.fail({ errno, path, method: 'writeLink', times: 1 });
        const error = errorOf(() => act(host));
        const isCoded = error === undefined || error instanceof AnyarchError;
        expect(isCoded ? undefined : error).toBeUndefined();
        expect(runningIn(host)).toEqual(expect.arrayContaining([...running]));
        errorOf(() => act(host));
        act(host);
        expect(outcome(host)).toEqual(expected);
      }
    },
  );
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
    return undefined;
  } catch (error) {
    return error;
  }
}
