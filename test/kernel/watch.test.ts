import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import { run, succeed } from '../support/command.ts';
import { executable, offline } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { buildNativeProgram } from '../support/quickjs/build.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { startWatcher, type Watcher } from '../support/watcher.ts';

let table: PrivateTable;
let home: string;
let probe: string;
let native: string;
let watchers: Watcher[];

beforeAll(async () => {
  native = await buildNativeProgram(
    join(repository, 'src/entrypoint/quickjs.ts'),
    temporaryDirectory('watch'),
  );
}, 300_000);
beforeEach(async () => {
  table = await openPrivateTable();
  home = temporaryDirectory('home');
  watchers = [];
  probe = join(temporaryDirectory('probe'), 'arm64');
  writeFileSync(probe, buildProbe('aarch64'), { mode: 0o755 });
  await command('register', 'arm64', 'riscv64', '--qemu', qemu(), '--no-fetch');
});
afterEach(async () => {
  for (const watcher of watchers) await watcher.end('SIGKILL');
  await table.close();
});

const environment = () => ({ PATH: process.env['PATH'], ...offline, ANYARCH_HOME: home, HOME: home });
const enter = () => ['nsenter', '-t', `${table.pid}`, '-U', '-m', '--preserve-credentials', '--'];
const command = (...words: readonly string[]) =>
  succeed([...enter(), executable, ...words], { environment: environment() });

/** Twice a second, so that nobody waits. */
const often = ['watch', '--json', '--interval', '0.5'];

async function watching(program: string, ...words: readonly string[]): Promise<Watcher> {
  const watcher = startWatcher([...enter(), program, ...often, ...words], environment());
  watchers.push(watcher);
  await watcher.next('watching');
  return watcher;
}

const runs = () => table.host.executor.execute(probe);
const control = (name: string, text: string) => {
  table.host.files.writeOnce(`${table.host.binfmt.path}/${name}`, encodeUtf8(text));
};
const entries = () => table.host.binfmt.table().list();
const entryText = (name: string) => table.host.binfmt.table().read(name);
/** As entries have it, without links. */
const qemu = () => realpathSync(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '');
const works = { kind: 'exited', code: 42 };
const refused = { kind: 'refused', errno: 'ENOEXEC' };

/** Newer than ours, and for the same programs; it runs nothing. */
const shadow = (name: string) =>
  `:${name}:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:/bin/false:`;

const harms: Readonly<Record<string, () => unknown>> = {
  removed: () => {
    control('qemu-aarch64', '-1');
  },
  'removed with everything else': () => {
    control('status', '-1');
  },
  shadowed: () => {
    control('register', shadow(`shadow-${entries().length}`));
  },
  "removed by systemd-binfmt's restart": () =>
    succeed([...enter(), '/usr/lib/systemd/systemd-binfmt', '--unregister']),
};

const engines = [
  ['Node', () => executable],
  ['QuickJS', () => native],
] as const;

for (const [engine, program] of engines) {
  describeWith([needs.qemu, needs.systemdBinfmt], `watch on ${engine}`, () => {
    it.each(Object.entries(harms))('brings back what was %s', async (_, harm) => {
      const watcher = await watching(program());
      await harm();
      await watcher.next('reasserted');
      expect(runs()).toEqual(works);
      await watcher.end('SIGTERM');
      // Without a watch it stays away.
      await harm();
      await sleep(1200);
      expect(runs()).not.toEqual(works);
    });

    it('leaves alone what somebody disabled, unless it is told to enforce', async () => {
      const watcher = await watching(program());
      control('qemu-aarch64', '0');
      await watcher.next('disabled');
      await sleep(1200);
      expect(runs()).toEqual(refused);
      expect(await watcher.end('SIGTERM')).toBe(0);
      const enforcing = await watching(program(), '--enforce');
      await enforcing.next('reasserted');
      expect(runs()).toEqual(works);
    });

    it("leaves the distribution's entry alone, also where somebody disabled it", async () => {
      await command('unregister', 'arm64');
      const rule = shadow('qemu-aarch64').replace('/bin/false:', `${qemu()}/qemu-aarch64:OPF`);
      const described = temporaryDirectory('binfmt.d');
      writeFileSync(join(described, 'qemu-aarch64.conf'), rule);
      table.run(['mount', '--bind', described, '/usr/lib/binfmt.d']);
      control('register', rule);
      await command('register', 'arm64', '--qemu', qemu(), '--no-fetch');
      const watcher = await watching(program());
      control('qemu-aarch64', '0');
      await watcher.next('disabled');
      await sleep(1200);
      expect(runs()).toEqual(refused);
      expect(entries()).toEqual(['qemu-aarch64', 'qemu-riscv64']);
      await watcher.end('SIGKILL');
      const next = await watching(program());
      await next.next('disabled');
      expect(runs()).toEqual(refused);
      expect(next.events.map(({ event }) => event)).toEqual(['started', 'watching', 'disabled']);
      // Gone is not disabled.
      control('qemu-aarch64', '-1');
      await next.next('reasserted');
      expect(runs()).toEqual(works);
    });

    it('keeps up what was adopted, and lets it be given back', async () => {
      await command('unregister', 'arm64');
      control('register', shadow('other'));
      const theirs = entryText('other');
      await command('register', '--adopt', 'other', '--qemu', qemu(), '--no-fetch');
      const watcher = await watching(program());
      control('other', '-1');
      expect(runs()).toEqual(refused);
      await watcher.next('reasserted');
      expect(runs()).toEqual(works);
      await command('release', 'other');
      await watcher.next('watching');
      await sleep(1200);
      expect(entryText('other')).toBe(theirs);
      expect(runs()).not.toEqual(works);
    });

    it('sees an entry that takes position-independent programs only', async () => {
      const taking = shadow('pie')
        .replace('\\x02\\x00\\xb7', '\\x03\\x00\\xb7')
        .replace('\\xfe\\xff\\xff\\xff', '\\xff\\xff\\xff\\xff');
      control('register', taking);
      expect(runs()).toEqual(works);
      expect(entries()[0]).toBe('pie');
      const watcher = await watching(program());
      expect((await watcher.next('shadowed')).message).toContain('pie');
      await watcher.next('reasserted');
      expect(entries()[0]).toBe('qemu-aarch64');
      expect(entries()).toContain('pie');
    });

    it('brings nothing again that was unregistered, whoever names it, until it is registered', async () => {
      const once = () =>
        run([...enter(), program(), 'watch', '--once', 'arm64'], { environment: environment() });
      await command('unregister', 'arm64');
      const refusing = await once();
      expect(refusing).toMatchObject({ exitCode: 1 });
      expect(refusing.stdout).toContain('anyarch register aarch64');
      expect(runs()).toEqual(refused);
      await command('register', 'arm64', '--qemu', qemu(), '--no-fetch');
      control('qemu-aarch64', '-1');
      expect(await once()).toMatchObject({ exitCode: 0 });
      expect(runs()).toEqual(works);
    });

    it('goes on where its output is closed', async () => {
      control('qemu-aarch64', '-1');
      const script = 'exec "$0" watch --once >&-';
      await succeed([...enter(), 'sh', '-c', script, program()], { environment: environment() });
      expect(runs()).toEqual(works);
    });

    it('takes notice of unregister, and does not undo it', async () => {
      const watcher = await watching(program());
      await command('unregister', 'arm64');
      expect((await watcher.next('watching')).message).toBe('watching riscv64');
      await sleep(1200);
      expect(entries()).toEqual(['qemu-riscv64']);
      expect(runs()).toEqual(refused);
    });

    it('is the only one, until it is killed', async () => {
      const watcher = await watching(program());
      const second = await run([...enter(), program(), 'watch', '--once'], { environment: environment() });
      expect(second).toMatchObject({ exitCode: 1 });
      expect(second.stderr).toContain('[ANYARCH_LOCKED]');
      expect(await watcher.end('SIGKILL')).toBe('SIGKILL');
      control('qemu-aarch64', '-1');
      expect(runs()).toEqual(refused);
      const next = await watching(program());
      await next.next('reasserted');
      expect(runs()).toEqual(works);
    });

    it.each(['SIGTERM', 'SIGINT'] as const)(
      'ends at once by %s, and lets go of everything',
      async (signal) => {
        const metrics = join(home, 'metrics.prom');
        const watcher = await watching(program(), '--interval', '60', '--metrics-file', metrics);
        expect(readFileSync(metrics, 'utf8')).toContain(
          'anyarch_registration_up{architecture="aarch64",entry="qemu-aarch64"} 1',
        );
        const start = performance.now();
        expect(await watcher.end(signal)).toBe(0);
        expect(performance.now() - start).toBeLessThan(2000);
        expect(watcher.events.at(-1)?.event).toBe('stopped');
        expect(existsSync(metrics)).toBe(false);
        expect(readdirSync(home).filter((name) => name.includes('watch'))).toEqual([]);
      },
    );

    it('looks at once when it gets SIGHUP', async () => {
      const watcher = await watching(program(), '--interval', '60');
      control('qemu-aarch64', '-1');
      process.kill(watcher.pid, 'SIGHUP');
      await watcher.next('reasserted', 5000);
      expect(runs()).toEqual(works);
    });

    it('puts right once, and says how that went', async () => {
      const once = () =>
        run([...enter(), program(), 'watch', '--once', '--json'], { environment: environment() });
      control('status', '-1');
      const dry = await run([...enter(), program(), 'watch', '--once', '--dry-run'], {
        environment: environment(),
      });
      expect(dry.stdout).toContain('would-reassert');
      expect(entries()).toEqual([]);
      const repaired = await once();
      expect(repaired).toMatchObject({ exitCode: 0 });
      expect(repaired.stdout.match(/"reasserted"/g)).toHaveLength(2);
      expect((await once()).exitCode).toBe(0);
      control('qemu-aarch64', '0');
      expect((await once()).exitCode).toBe(3);
      control('qemu-riscv64', '0');
      expect((await once()).exitCode).toBe(1);
    });
  });
}

describeWith([needs.qemu], 'watch on Node that is being started', () => {
  /** Gets SIGHUP in the place of Node, before Node is there. */
  const hungUp = (...command: readonly string[]): Watcher => {
    const directory = temporaryDirectory('node');
    const node = `#!/bin/sh\nkill -HUP $$\nexec '${process.execPath}' "$@"\n`;
    writeFileSync(join(directory, 'node'), node, { mode: 0o755 });
    const PATH = `${directory}:${process.env['PATH'] ?? ''}`;
    const watcher = startWatcher([...enter(), ...command, ...often], { ...environment(), PATH });
    watchers.push(watcher);
    return watcher;
  };

  it('is not ended by SIGHUP', async () => {
    const watcher = hungUp(executable);
    await watcher.next('watching');
    expect(await watcher.end('SIGTERM')).toBe(0);
    // Without our shell it would be.
    const naked = hungUp('node', join(repository, 'dist/cli/start.cjs'));
    await expect(naked.next('watching')).rejects.toThrow('no watching');
    expect(await naked.end('SIGTERM')).toBe('SIGHUP');
  });
});

describeWith([needs.qemu], 'watch as the first process of a container', () => {
  it.each(['TERM', 'INT'])('ends with 0 by SIG%s', async (signal) => {
    const script = `
      unshare -pf --mount-proc "$0" watch --interval 60 >/dev/null & container=$!
      sleep 1; kill -${signal} $(pgrep -P $container)
      (sleep 5; pkill -KILL -P $container) >/dev/null 2>&1 & wait $container; echo $?`;
    const { stdout } = await succeed([...enter(), 'sh', '-c', script, native], {
      environment: environment(),
    });
    expect(stdout).toBe('0\n');
  });
});
