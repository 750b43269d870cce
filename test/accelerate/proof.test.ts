import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { beforeAll, expect, it } from 'vitest';
import type { AccelerationReport } from '../../src/accelerate/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { anyarch, executable, offline } from '../support/engines/cli.ts';
import { installDeny } from '../support/guest-roots/deny-call.ts';
import { guestRootCopy } from '../support/guest-roots/guest-root.ts';
import { preparedState } from '../support/guest-roots/prepared-state.ts';
import { bothWays, startsOf, type BothWays } from '../support/guest-roots/two-ways.ts';

/** Where Debian's arm64 packages have the compiler proper. */
const cc1 = 'usr/libexec/gcc/aarch64-linux-gnu/14/cc1';

const source = `cat > a.c <<'END'
#include <stdio.h>
int main(int argc, char **argv) { printf("%s %d\\n", __FILE__, argc * 3); return 0; }
END
`;
const compiling = `${source}gcc -O2 -g -c a.c -o a.o`;

/** Why what is not whole is not executed: its files are not those that the recipe names, or the kernel refuses it. */
const missing = expect.stringMatching(/^(tree|exec)$/) as string;

/** Identical, whatever was substituted. */
function expectSame({ plain, accelerated }: BothWays, names: readonly string[]): void {
  expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
  expect(accelerated).toEqual(plain);
  expect(Object.keys(accelerated.files)).toEqual(expect.arrayContaining([...names]));
}

describeWith([needs.root, needs.qemu, needs.apt], 'native tools in an emulated build', () => {
  let state: string;
  let root: string;

  beforeAll(async () => {
    root = await guestRootCopy('dev');
    state = await preparedState(root);
  });

  it('take the place of the emulated ones, and every byte is the same', async () => {
    const script = `${compiling}
gcc a.o -o a && ./a x y
ar rcD a.a a.o
sed -n 1p a.c | grep -c include | sort > lines
make --version | sed -n 1p`;
    const both = await bothWays({ root, state }, script);
    expectSame(both, ['a.c', 'a.o', 'a', 'a.a', 'lines']);
    expect(both.accelerated.stdout).toContain('a.c 9\n');
    for (const tool of ['gcc', 'cc1', 'as', 'collect2', 'ld', 'ar', 'sed', 'grep', 'sort'])
      expect({ tool, ...startsOf(both.report, tool) }).toMatchObject({
        native: expect.toSatisfy((times) => Number(times) > 0) as unknown,
      });
    // What was just built has no recipe.
    expect(startsOf(both.report, 'a')).toEqual({ native: 0, reasons: ['unknown'] });
    expect(both.report.losses).toEqual({ overflows: 0, garbageLines: 0, unnamedStarts: 0 });
    expect(both.report.gain.lowerBoundMs).toBeGreaterThan(0);
  });

  it('are counted by whoever follows, whoever starts the guests', async () => {
    const environment = { ...process.env, ...offline, ANYARCH_HOME: state };
    const follower = spawn(executable, ['accelerate', 'report', '--follow', '--json'], { env: environment });
    const printed = text(follower.stdout);
    await once(follower.stderr, 'data');
    const second = await anyarch(['accelerate', 'report', '--follow'], { home: state });
    expect(second).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('ANYARCH_LOCKED') as unknown,
    });
    const ran = await anyarch(['run', '--no-fetch', '--rootfs', root, '--', 'as', '--version'], {
      home: state,
    });
    expect(ran.exitCode).toBe(0);
    follower.kill('SIGINT');
    const report = JSON.parse(await printed) as AccelerationReport;
    expect(startsOf(report, 'as')).toEqual({ native: 1, reasons: [] });
    expect((await anyarch(['accelerate', 'report', '--json'], { home: state })).json()).toEqual(report);
  });

  it('stay away when the guest says so', async () => {
    const both = await bothWays({ root, state }, `export ANYARCH_ACCELERATE=0\n${compiling}`);
    expectSame(both, ['a.o']);
    // The shell was started before it said so.
    expect(startsOf(both.report, 'cc1')).toEqual({ native: 0, reasons: ['off'] });
    expect(startsOf(both.report, 'as')).toEqual({ native: 0, reasons: ['off'] });
  });

  it('stay away from what is preloaded', async () => {
    const changed = await guestRootCopy('dev');
    const library = '/usr/lib/aarch64-linux-gnu/libz.so.1';
    const byVariable = `echo .word 7 > w.s; LD_PRELOAD=${library} as w.s -o w.o`;
    const variable = await bothWays({ root: changed, state }, byVariable);
    expectSame(variable, ['w.o']);
    expect(startsOf(variable.report, 'as')).toEqual({ native: 0, reasons: ['variable'] });
    writeFileSync(join(changed, 'etc/ld.so.preload'), `${library}\n`);
    const file = await bothWays({ root: changed, state }, `echo .word 7 > w.s; as w.s -o w.o`);
    expectSame(file, ['w.o']);
    expect(startsOf(file.report, 'as')).toEqual({ native: 0, reasons: ['preload'] });
  });

  it('stay away from builds below fakeroot', async () => {
    const script = `${source}fakeroot sh -e -c 'touch f && chown 12:34 f && stat -c %u:%g f > owner && gcc -O2 -g -c a.c -o a.o'`;
    const both = await bothWays({ root, state }, script);
    expectSame(both, ['a.o', 'owner']);
    expect(both.accelerated.files['owner']?.toString()).toBe('12:34\n');
    expect(startsOf(both.report, 'cc1')).toEqual({ native: 0, reasons: ['variable'] });
  });

  it('take the place of a renamed tool, and of no other that has its name', async () => {
    const changed = await guestRootCopy('dev');
    mkdirSync(join(changed, 'opt'), { recursive: true });
    copyFileSync(join(changed, 'usr/bin/as'), join(changed, 'opt/assembler'));
    copyFileSync(join(changed, 'usr/bin/true'), join(changed, 'opt/as'));
    const script = `echo .word 7 > w.s; /opt/assembler w.s -o w.o; /opt/as w.s -o none.o`;
    const both = await bothWays({ root: changed, state }, script);
    expectSame(both, ['w.o']);
    expect(startsOf(both.report, '/opt/assembler').native).toBe(1);
    const [other] = both.report.programs.filter(({ path }) => path === '/opt/as');
    expect(other?.by.some((program) => program.endsWith('/as'))).not.toBe(true);
  });

  it('leave patched tools of the guest alone', async () => {
    const changed = await guestRootCopy('dev');
    const as = join(changed, 'usr/bin/as');
    // Of the same build id both: one byte more, and one byte of a message that is another one.
    writeFileSync(as, Buffer.concat([readFileSync(as), Buffer.from('\0')]));
    const compiler = readFileSync(join(changed, cc1));
    const at = compiler.indexOf('GNU C');
    expect(at).toBeGreaterThan(0);
    compiler.write('GNV', at);
    writeFileSync(join(changed, cc1), compiler);
    const both = await bothWays({ root: changed, state }, compiling);
    expectSame(both, ['a.o']);
    expect(startsOf(both.report, 'as')).toEqual({ native: 0, reasons: ['size'] });
    expect(startsOf(both.report, 'cc1')).toEqual({ native: 0, reasons: ['content'] });
  });

  it('are not used with other libraries than the guest has', async () => {
    const changed = await guestRootCopy('dev');
    const library = join(changed, 'usr/lib/aarch64-linux-gnu/libz.so.1');
    writeFileSync(library, Buffer.concat([readFileSync(library), Buffer.from('\0')]));
    const both = await bothWays({ root: changed, state }, compiling);
    expectSame(both, ['a.o']);
    expect(startsOf(both.report, 'as')).toEqual({ native: 0, reasons: ['library'] });
  });

  it('do without system calls that a profile refuses', async () => {
    const calls = await installDeny(root, ['statx', 'fstatfs', 'rt_sigpending', 'pread64']);
    const lines = [...calls.values()].flatMap((number) =>
      [1, 38].map((errno) => `/opt/deny ${number} ${errno} /usr/bin/as w.s -o ${number}-${errno}.o`),
    );
    const both = await bothWays({ root, state }, ['echo .word 7 > w.s', ...lines].join('\n'));
    expectSame(both, ['w.s', ...[...calls.values()].map((number) => `${number}-1.o`)]);
    const contents = Object.entries(both.accelerated.files).filter(([name]) => name.endsWith('.o'));
    expect(new Set(contents.map(([, content]) => content.toString('hex'))).size).toBe(1);
    const { native, reasons } = startsOf(both.report, 'as');
    expect(native + reasons.length).toBeGreaterThan(0);
  });

  it('are emulated where the tree is damaged, and damage is found', async () => {
    const damaged = await preparedState(root);
    const tree = join(damaged, 'tool-tree');
    const recipes = readdirSync(join(tree, 'r')).map((name) => join(tree, 'r', name));
    const recipeOf = (program: string) =>
      recipes.filter((path) => readFileSync(path, 'utf8').includes(`/bin/${program}\n`));
    const nativeOf = (program: string) => {
      const set = readdirSync(tree).find((name) => readSet(join(tree, name)).includes(`bin/${program}`));
      return join(tree, set ?? 'none', 'bin', program);
    };
    // One letter of a recipe, a whole recipe, a program, the content of a program.
    for (const path of recipeOf('as'))
      writeFileSync(path, readFileSync(path, 'utf8').replace('exec /dev', 'exec /deV'));
    for (const path of recipeOf('collect2')) rmSync(path);
    rmSync(nativeOf('cc1'));
    truncateSync(nativeOf('sed'), 0);
    const script = `${compiling}\ngcc a.o -o a\nsed -n 1p a.c > first`;
    const both = await bothWays({ root, state: damaged }, script);
    expectSame(both, ['a.o', 'a', 'first']);
    expect(startsOf(both.report, 'as')).toEqual({ native: 0, reasons: ['recipe'] });
    expect(startsOf(both.report, 'collect2')).toEqual({ native: 0, reasons: ['unknown'] });
    expect(startsOf(both.report, 'cc1')).toEqual({ native: 0, reasons: [missing] });
    expect(startsOf(both.report, 'sed')).toEqual({ native: 0, reasons: [missing] });
    const verified = await anyarch(['accelerate', 'verify'], { home: damaged });
    expect(verified.exitCode).not.toBe(0);
    expect(verified.stdout + verified.stderr).toMatch(/cc1/);
  });

  it('are emulated where half of the tree is gone, or all of it', async () => {
    const halved = await preparedState(root);
    const tree = join(halved, 'tool-tree');
    const sets = readdirSync(tree).filter((name) => /^[a-z2-7]{6}$/.test(name));
    for (const set of sets) rmSync(join(tree, set, 'ld'));
    const without = await bothWays({ root, state: halved }, compiling);
    expectSame(without, ['a.o']);
    expect(startsOf(without.report, 'cc1')).toEqual({ native: 0, reasons: [missing] });
    for (const set of sets) rmSync(join(tree, set), { recursive: true });
    const bare = await bothWays({ root, state: halved }, compiling);
    expectSame(bare, ['a.o']);
    expect(bare.report.substituted).toBe(0);
  });
});

function readSet(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
}
