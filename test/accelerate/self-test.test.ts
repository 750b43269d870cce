import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import xxhash from 'xxhash-wasm';
import { findArchitecture } from '../../src/core/architecture.ts';
import { bytesSource } from '../../src/core/byte-source.ts';
import { readElf } from '../../src/core/elf.ts';
import { formatRecipe } from '../../src/core/recipe/format.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { selfTestTools, type SelfTestResult } from '../../src/tool-tree/self-test/index.ts';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guestRoot } from '../support/guest-roots/guest-root.ts';
import { interposedEmulator } from '../support/guest-roots/interposed-emulator.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Stand for native tools: by the name of the guest's program that each replaces. */
const natives = {
  true: 'int main(void) { return 0; }',
  // Wrong: the guest's prints nothing and ends with 1.
  false: 'int main(void) { return 0; }',
  // Right on the terminal, but its file has another mode.
  mkdir: '#include <sys/stat.h>\nint main(int count, char **words) { return mkdir(words[1], 0700); }',
} as const;

describeWith([needs.root, needs.qemu, needs.apt], 'the self-test of tools', () => {
  let results: ReadonlyMap<string, SelfTestResult>;
  let scratch: string;

  beforeAll(async () => {
    const root = await guestRoot('dev');
    const directory = temporaryDirectory('self-test');
    const tree = join(directory, 'tree');
    scratch = join(directory, 'scratch');
    for (const path of [join(tree, 'r'), join(tree, 'aaaaaa/bin'), scratch])
      mkdirSync(path, { recursive: true });
    for (const [name, source] of Object.entries(natives)) {
      await compileStatically(source, join(tree, 'aaaaaa/bin', name));
      await writeRecipe(root, tree, name);
    }
    const tool = (name: string, selfTest: readonly string[]) => ({
      tool: {
        group: 'base' as const,
        name,
        guest: { package: 'coreutils', path: `usr/bin/${name}` },
        listed: 'allow' as const,
        reason: 'a stand-in',
        selfTest,
      },
      guestPath: `/usr/bin/${name}`,
      native: `/dev/.anyarch/aaaaaa/bin/${name}`,
    });
    const tested = await selfTestTools(nodeHost(), {
      emulated: {
        architecture: findArchitecture('arm64'),
        emulator: { path: interposedEmulator(directory), preservesArgv0: true },
      },
      guestRoot: root,
      tree,
      scratch,
      tools: [
        tool('true', ['env true', 'env true; env -i /usr/bin/true; echo $?']),
        tool('false', ['env false || :', 'env false; echo $?']),
        tool('mkdir', ['mkdir . 2> /dev/null || :', 'mkdir d']),
        tool('cat', ['cat /dev/null', 'cat "$IN"/bytes']),
        tool('tac', ['tac-is-not-there']),
        tool('tee', []),
      ],
    });
    results = new Map(tested.map((result) => [result.name, result]));
  }, 120_000);

  it('passes a program that does the same and was executed', () => {
    expect(results.get('true')).toMatchObject({ outcome: 'same', executions: 3 });
  });

  it('catches one that ends otherwise', () => {
    expect(results.get('false')).toMatchObject({ outcome: 'different' });
    expect(results.get('false')?.detail).toContain(
      'stdout: emulated "1" (2 bytes, at 0), native "0" (2 bytes, at 0)',
    );
  });

  it('catches one that leaves a file with another mode', () => {
    expect(results.get('mkdir')).toMatchObject({ outcome: 'different' });
    expect(results.get('mkdir')?.detail).toContain('file d: emulated "directory 755"');
  });

  it('takes equal outputs for no proof where nothing was substituted', () => {
    expect(results.get('cat')).toMatchObject({ outcome: 'emulated' });
    expect(results.get('tac')).toMatchObject({ outcome: 'failed' });
    expect(results.get('tee')).toMatchObject({ outcome: 'untested' });
  });

  it('leaves nothing behind', () => {
    expect(readdirSync(scratch)).toEqual([]);
  });
});

async function compileStatically(source: string, path: string): Promise<void> {
  writeFileSync(`${path}.c`, source);
  await succeed(['gcc', '-static', '-O1', '-o', path, `${path}.c`]);
}

async function writeRecipe(root: string, tree: string, name: string): Promise<void> {
  const content = readFileSync(join(root, 'usr/bin', name));
  const { buildId } = readElf(bytesSource(content));
  const hash = (await xxhash()).create64().update(content).digest().toString(16).padStart(16, '0');
  const exec = `/dev/.anyarch/aaaaaa/bin/${name}`;
  const recipe = formatRecipe({
    alternatives: [{ size: content.length, xxh64: hash, libraries: [], exec }],
  });
  writeFileSync(join(tree, 'r', buildId ?? 'none'), recipe);
}
