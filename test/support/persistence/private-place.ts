import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'tsdown';
import type { PersistReport, PersistStatus } from '../../../src/persistence/index.ts';
import { openPrivateTable, type PrivateTable } from '../private-table.ts';
import { temporaryDirectory } from '../temporary.ts';
import type { PersistOrder } from './child.ts';

/** A machine's boot configuration of its own: a private table, and private directories where configuration and copies lie. */
export interface PrivatePlace {
  readonly table: PrivateTable;
  /** Where a private directory of the place lies outside. */
  readonly outside: (path: string) => string;
  readonly addFile: (path: string, content: string) => void;
  /** Runs a program inside, whatever it ends with. */
  readonly run: (command: readonly string[]) => { readonly status: number | null; readonly output: string };
  readonly persist: <C extends PersistOrder['command']>(
    order: PersistOrder & { readonly command: C },
  ) => C extends 'status' ? PersistStatus : PersistReport;
  /** Calls it without waiting for a good end. */
  readonly tryPersist: (order: PersistOrder) => { readonly status: number | null; readonly output: string };
  /** Kills it with SIGKILL after so many milliseconds. */
  readonly killPersist: (order: PersistOrder, ms: number) => void;
  readonly close: () => Promise<void>;
}

/** What is private; the rest is the machine's own. */
const directories = [
  ...['/etc/binfmt.d', '/etc/systemd/system', '/etc/init.d', '/usr/lib/binfmt.d', '/usr/local/lib'],
  ...['/var/lib/binfmts', '/usr/share/binfmts'],
];

export async function openPrivatePlace(): Promise<PrivatePlace> {
  const child = await bundled();
  const root = temporaryDirectory('place');
  const table = await openPrivateTable();
  for (const directory of directories) mkdirSync(join(root, directory), { recursive: true });
  table.run(['sh', '-c', mounts, root, ...directories]);
  const outside = (path: string) => join(root, path);
  const run: PrivatePlace['run'] = (command) => {
    const enter = ['--target', `${table.pid}`, '--user', '--mount', '--preserve-credentials', '--'];
    const environment = {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      ANYARCH_HOME: outside('/state'),
      XDG_CACHE_HOME: outside('/cache'),
    };
    const { status, stdout, stderr } = spawnSync('nsenter', [...enter, ...command], {
      encoding: 'utf8',
      env: environment,
    });
    return { status, output: stdout + stderr };
  };
  const tryPersist = (order: PersistOrder) => run([process.execPath, child, JSON.stringify(order)]);
  return {
    table,
    outside,
    run,
    tryPersist,
    killPersist: (order, ms) => {
      run(['timeout', '--signal=KILL', `${ms / 1000}`, process.execPath, child, JSON.stringify(order)]);
    },
    addFile: (path, content) => {
      mkdirSync(dirname(outside(path)), { recursive: true });
      writeFileSync(outside(path), content);
    },
    persist: (order) => {
      const { status, output } = tryPersist(order);
      if (status !== 0) throw new Error(output);
      return JSON.parse(output) as never;
    },
    close: () => table.close(),
  };
}

/** $0: where the private directories lie. */
const mounts = `set -e
for d; do
  [ -d "$d" ] || { echo "$d is missing" >&2; exit 1; }
  mount --bind "$0$d" "$d"
done`;

/** As one JavaScript file: Node 20 does not run TypeScript. */
async function bundled(): Promise<string> {
  const directory = temporaryDirectory('persist-child');
  await build({
    entry: { child: join(import.meta.dirname, 'child.ts') },
    outDir: directory,
    format: 'esm',
    platform: 'node',
    config: false,
    dts: false,
    clean: false,
    logLevel: 'error',
    outExtensions: () => ({ js: '.mjs' }),
  });
  return join(directory, 'child.mjs');
}
