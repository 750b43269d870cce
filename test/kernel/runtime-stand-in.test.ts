import fc from 'fast-check';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderOf, platforms } from '../../scripts/entrypoint/platforms.mjs';
import { withSettings } from '../../src/accelerate/stand-in/settings.ts';
import { recorded } from '../data/recorded.ts';
import {
  configurations,
  expectedPlace,
  oddJson,
  type Configuration,
} from '../support/accelerate/container-configuration.ts';
import { run, succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { temporaryDirectory } from '../support/temporary.ts';

interface Recorded {
  readonly name: string;
  readonly changed: boolean;
  readonly text: string;
}

const documents = recorded<Recorded>('oci-configurations.jsonl');
const usual = documents[0]!;
let work: string;
let tree: string;
let standIn: string;

beforeAll(() => {
  work = temporaryDirectory('stand-in');
  tree = join(work, 'tree');
  writeRecipe(tree);
  standIn = install('runc', ['/bin/true']);
});

function install(name: string, runtimes: readonly string[], platform = 'linux/amd64', of = tree): string {
  const folder = folderOf(platforms.find((one) => one.name === platform)!);
  const built = readFileSync(join(repository, 'build/runtime', folder, 'stand-in'));
  const path = join(temporaryDirectory('program'), name);
  writeFileSync(path, withSettings(built, { tree: of, runtimes }), { mode: 0o755 });
  return path;
}

/** What it says does not matter here. */
function writeRecipe(of: string): void {
  mkdirSync(join(of, 'r'), { recursive: true });
  writeFileSync(join(of, 'r/00'), '');
}

function bundle(text: string | Uint8Array): string {
  const directory = temporaryDirectory('bundle');
  writeFileSync(join(directory, 'config.json'), text, { mode: 0o640 });
  return directory;
}

const textIn = (directory: string): string => readFileSync(join(directory, 'config.json'), 'utf8');

function added(of = tree): string {
  return `,{"destination":"/dev/.anyarch","type":"bind","source":"${of}","options":["bind","ro","nosuid","nodev","private"]}`;
}

/** What became of a configuration: nothing, or the mount behind the one that is /dev, and nothing else. */
function change(before: string, after: string, index?: number): 'none' | 'added' | 'other' {
  if (after === before) return 'none';
  const place = after.indexOf(added());
  const isInserted = place > 0 && after.slice(0, place) + after.slice(place + added().length) === before;
  if (!isInserted) return 'other';
  const [original, changed] = [JSON.parse(before), JSON.parse(after)] as [Configuration, Configuration];
  const mounts = [...original.mounts];
  const devices = index ?? expectedPlace(original) ?? -2;
  mounts.splice(devices + 1, 0, (JSON.parse(`[${added().slice(1)}]`) as Configuration['mounts'])[0]!);
  return isDeepStrictEqual(changed, { ...original, mounts }) ? 'added' : 'other';
}

describe("an OCI runtime's stand-in", () => {
  it.each(documents)('adds the tree where it can: $name', async ({ text, changed }) => {
    const directory = bundle(text);
    await succeed([standIn, 'create', '--bundle', directory, 'id']);
    expect(change(text, textIn(directory))).toBe(changed ? 'added' : 'none');
    expect(readdirSync(directory)).toEqual(['config.json']);
    // Once.
    await succeed([standIn, 'create', '--bundle', directory, 'id']);
    expect(change(text, textIn(directory))).toBe(changed ? 'added' : 'none');
  });

  it('does what can be told from any configuration, written in any way', async () => {
    const samples = fc.sample(fc.tuple(configurations, fc.infiniteStream(fc.noBias(fc.nat({ max: 9999 })))), {
      numRuns: 700,
      seed: 6,
    });
    const texts = samples.map(([value, stream]) =>
      oddJson(value, () => (stream.next().value as number) / 10_000),
    );
    const after = await createAll(texts);
    const places = samples.map(([value]) => expectedPlace(value));
    expect(texts.map((text, index) => change(text, after[index]!, places[index]))).toEqual(
      places.map((place) => (place === undefined ? 'none' : 'added')),
    );
    const count = places.filter((place) => place !== undefined).length;
    expect(count).toBeGreaterThan(100);
    expect(count).toBeLessThan(900);
  });

  it('leaves alone what is no JSON, as JSON.parse has it, and never makes it none', async () => {
    const pieces = [
      '"',
      '\\',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '.',
      'e',
      'null',
      '\u0001',
      '\u00e9',
      '\\u12',
      ' ',
      '\n',
    ];
    const text = usual.text.slice(0, 3000).replace(/,"root".*/s, '}');
    const short = JSON.stringify({
      mounts: [
        { destination: '/dev', type: 'tmpfs' },
        { destination: '/x', type: 'y', o: [1.5e-3, -0, true] },
      ],
    });
    const mutations = fc.sample(
      fc.tuple(
        fc.constantFrom(short, short, text),
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.constantFrom(...pieces, ''),
      ),
      { numRuns: 700, seed: 7 },
    );
    const texts = mutations.map(([of, at, length, piece]) => {
      const place = at % of.length;
      return of.slice(0, place) + piece + of.slice(place + length);
    });
    const after = await createAll(texts);
    const changes = texts.map((text, index) => change(text, after[index]!));
    expect(changes).not.toContain('other');
    const broken = texts.map((text) => !isJson(text));
    expect(changes.filter((_, index) => broken[index])).not.toContain('added');
    expect(changes.filter((one) => one === 'added').length).toBeGreaterThan(50);
    expect(broken.filter(Boolean).length).toBeGreaterThan(300);
  });

  it.each([
    ['names that Go takes for the same', usual.text.replace('"mounts"', '"mounts":[],"Mounts"')],
    ['a name in another case', usual.text.replace('"destination":"/dev"', '"Destination":"/dev"')],
    ['a name twice', usual.text.replace('"process":', '"process":{},"process":')],
    ['a name that is folded to another', usual.text.replace('{', '{"mount\u017f":[],')],
    ['a path that goes up', usual.text.replace('"/dev/pts"', '"/x/../dev"')],
    ['another type', usual.text.replace('"env":[', '"env":[1,')],
    ['no object', '[]'],
    ['nothing', ' '],
    ['more behind it', `${usual.text}{}`],
    ['a byte order mark', `\ufeff${usual.text}`],
    ['many levels', usual.text.replace('{', `{"deep":${'['.repeat(70)}${']'.repeat(70)},`)],
  ])('leaves alone what it does not understand: %s', async (_what, text) => {
    expect(text).not.toBe(usual.text);
    const directory = bundle(text);
    await succeed([standIn, 'create', '--bundle', directory, 'id']);
    expect(textIn(directory)).toBe(text);
  });

  it('leaves alone a container that may mount', async () => {
    const text = usual.text.replace('"CAP_CHOWN"', '"CAP_CHOWN","CAP_SYS_ADMIN"');
    expect(text).not.toBe(usual.text);
    const directory = bundle(text);
    await succeed([standIn, 'create', '--bundle', directory, 'id']);
    expect(textIn(directory)).toBe(text);
  });

  it('leaves alone bytes that are no UTF-8', async () => {
    const bytes = Buffer.from(usual.text.replace('"PATH=', '"P\u00e9\u00e9ATH='), 'latin1');
    const directory = bundle(bytes);
    await succeed([standIn, 'create', '--bundle', directory, 'id']);
    expect(readFileSync(join(directory, 'config.json'))).toEqual(bytes);
  });

  it.each([
    [['create', '--bundle', 'BUNDLE', 'id'], true],
    [['run', '-b', 'BUNDLE', 'id'], true],
    [
      [
        '--root',
        'create',
        '--log=/x',
        '--log-format',
        'json',
        '--systemd-cgroup',
        'create',
        '--pid-file',
        'run',
        '--bundle=BUNDLE',
        'id',
      ],
      true,
    ],
    [['-log', 'x', '--debug', 'run', '-bundle', 'BUNDLE', 'id'], true],
    [['create', 'id'], true],
    [['create', '--', '--bundle', '/nowhere'], true],
    [['create', '--bundle', '/nowhere', 'id'], false],
    [['create', '--config', 'other.json', 'id'], false],
    [['create', '-f', 'other.json', 'id'], false],
    [['create', '--bundle'], false],
    [['--root', 'create', 'start', 'id'], false],
    [['exec', '--bundle', 'BUNDLE', 'id', 'create'], false],
    [['--version'], false],
    [[], false],
  ] as const)('knows what creates a container: %j', async (words, changes) => {
    const directory = bundle(usual.text);
    const args = words.map((word) => word.replace('BUNDLE', directory));
    await succeed([standIn, ...args], { directory });
    expect(textIn(directory) !== usual.text).toBe(changes);
  });

  it('becomes the runtime: same words, name, environment, and end', async () => {
    const script = join(work, 'real-runc');
    writeFileSync(script, '#!/bin/sh\necho "$@ $A"; cat; exit 7\n', { mode: 0o755 });
    const path = install('runc', ['/nonexistent/runc', work, script]);
    expect(await run([path, 'state', 'a b'], { environment: { A: 'x' }, input: 'in' })).toMatchObject({
      exitCode: 7,
      stdout: 'state a b x\nin',
    });
    const shell = install('sh', ['/bin/sh']);
    const named = await run([
      '/bin/bash',
      '-c',
      'exec -a docker-runc "$0" -c \'tr "\\0" " " </proc/$$/cmdline; kill -USR1 $$\'',
      shell,
    ]);
    expect(named.stdout).toMatch(/^docker-runc -c /);
    expect(named.signal).toBe('SIGUSR1');
  });

  it('looks names up in PATH, and is not itself what it finds there', async () => {
    const path = install('runc', ['runc', '/bin/echo']);
    const directory = temporaryDirectory('path');
    symlinkSync(path, join(directory, 'runc'));
    const own = [dirname(path), directory, 'relative', ''].join(':');
    expect((await run([path, 'x'], { environment: { PATH: own } })).stdout).toBe('x\n');
    writeFileSync(join(work, 'runc'), '#!/bin/sh\necho found\n', { mode: 0o755 });
    expect((await run([path, 'x'], { environment: { PATH: `${own}:${work}` } })).stdout).toBe('found\n');
    const [one, other] = [install('runc', ['runc']), install('runc', ['runc'])];
    const both = `${dirname(one)}:${dirname(other)}:${work}`;
    expect((await run([other, 'x'], { environment: { PATH: both } })).stdout).toBe('found\n');
    const alone = install('runc', ['runc']);
    expect(await run([alone], { environment: { PATH: dirname(alone) } })).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining('accelerate enable') as string,
    });
  });

  it('starts no script twice that looks the runtime up in PATH itself', async () => {
    const [before, behind] = [temporaryDirectory('script'), temporaryDirectory('behind')];
    const path = install('runc', ['runc']);
    const search = [dirname(path), before, behind, '/usr/bin'].join(':');
    writeFileSync(join(behind, 'runc'), readFileSync('/usr/bin/env'), { mode: 0o755 });
    for (const how of ['exec runc "$@"', 'runc "$@"; exit $?']) {
      writeFileSync(join(before, 'runc'), `#!/bin/sh\necho script\n${how}\n`, { mode: 0o755 });
      const { stdout } = await run([path], { environment: { PATH: search }, timeoutMs: 10_000 });
      expect(stdout).toMatch(/^script\nPATH=/);
      expect(stdout.match(/^script$/gm)).toHaveLength(1);
      expect(stdout).not.toContain('ANYARCH');
    }
  });

  it('is off, without a tree, and where its caller says so', async () => {
    const directory = bundle(usual.text);
    const without = install('runc', ['/bin/true'], 'linux/amd64', join(work, 'nothing'));
    await succeed([without, 'create', '-b', directory, 'id']);
    await succeed([standIn, 'create', '-b', directory, 'id'], { environment: { ANYARCH_ACCELERATE: '0' } });
    const empty = join(temporaryDirectory('empty'), 'tree');
    mkdirSync(join(empty, 'r'), { recursive: true });
    await succeed([install('runc', ['/bin/true'], 'linux/amd64', empty), 'create', '-b', directory, 'id']);
    expect(textIn(directory)).toBe(usual.text);
    await succeed([standIn, 'create', '-b', directory, 'id'], { environment: { ANYARCH_ACCELERATE: '1' } });
    expect(textIn(directory)).not.toBe(usual.text);
  });

  it('leaves out a tree that the root of another user namespace cannot get at', async () => {
    const text = documents.find(({ name }) => name.includes('keep-id'))!.text;
    const closed = join(temporaryDirectory('closed'), 'home');
    writeRecipe(join(closed, 'tree'));
    const path = install('runc', ['/bin/true'], 'linux/amd64', join(closed, 'tree'));
    const created = async (of: string) => {
      const directory = bundle(of);
      await succeed([path, 'create', '-b', directory, 'id']);
      return textIn(directory) !== of;
    };
    expect(await created(text)).toBe(true);
    chmodSync(closed, 0o700);
    expect(await created(text)).toBe(false);
    expect(await created(usual.text)).toBe(true);
  });

  it('writes the file as a whole or not at all, with its owner and mode', async () => {
    const directory = bundle(usual.text);
    writeFileSync(join(directory, 'config.json.anyarch'), 'of a killed one');
    await succeed([standIn, 'create', '-b', directory, 'id']);
    const { stdout } = await succeed(['stat', '-c', '%a %u', join(directory, 'config.json')]);
    expect(stdout).toBe(`640 ${process.getuid?.() ?? ''}\n`);
    expect(readdirSync(directory)).toEqual(['config.json']);
    const full = temporaryDirectory('full');
    const script = `mount -t tmpfs -o size=16k none "$0" && cp "$1" "$0/config.json" && "$2" create -b "$0" id && cmp "$1" "$0/config.json" && ls "$0"`;
    const original = join(bundle(usual.text), 'config.json');
    expect((await succeed(['unshare', '-Urm', 'sh', '-c', script, full, original, standIn])).stdout).toBe(
      'config.json\n',
    );
  });

  it('follows no link in a bundle', async () => {
    const [target, directory] = [bundle(usual.text), temporaryDirectory('linked')];
    symlinkSync(join(target, 'config.json'), join(directory, 'config.json'));
    await succeed([standIn, 'create', '-b', directory, 'id']);
    expect(textIn(target)).toBe(usual.text);
  });
});

describeWith([needs.qemu], "The runtime's stand-in under QEMU", () => {
  it.each(platforms)('for $name does the same', async ({ name, qemu }) => {
    const emulator = join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${qemu}`);
    const path = install('runc', ['/bin/true'], name);
    for (const { text, changed } of documents.slice(0, 5)) {
      const directory = bundle(text);
      await succeed([emulator, path, '--log', 'x', 'create', '--bundle', directory, 'id']);
      expect(change(text, textIn(directory))).toBe(changed ? 'added' : 'none');
    }
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One process for all, as each takes a millisecond. */
async function createAll(texts: readonly string[]): Promise<string[]> {
  const directory = temporaryDirectory('many');
  texts.forEach((text, index) => {
    mkdirSync(join(directory, String(index)));
    writeFileSync(join(directory, String(index), 'config.json'), text);
  });
  const script = 'cd "$0" && for one in *; do "$1" create --bundle "$one" id || exit 1; done';
  await succeed(['sh', '-c', script, directory, standIn]);
  expect(existsSync(join(directory, '0/config.json.anyarch'))).toBe(false);
  return texts.map((_, index) => textIn(join(directory, String(index))));
}
