import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPrograms, fakePreparation, passAll } from '../../../test/support/fake-preparation.ts';
import { mirrorHost } from '../../../test/support/mirror-host.ts';
import { startMirror, type Mirror } from '../../../test/support/mirror.ts';
import { addToolSuite, fakeTool } from '../../../test/support/tool-archive.ts';
import { parseRecipe } from '../../core/recipe/parse.ts';
import { SystemError } from '../../host/system-error.ts';
import type { Host } from '../../host/host.ts';
import {
  listTools,
  prepareTools,
  removeDamagedTools,
  removeTools,
  rootGuest,
  suiteGuest,
  verifyTools,
  type PrepareOptions,
} from '../index.ts';

let mirror: Mirror;
let home: string;

beforeEach(async () => {
  mirror = await startMirror();
  home = mkdtempSync(join(tmpdir(), 'anyarch-tools-'));
  await addToolSuite(mirror, { alpha: ['1-1+b2', '1-1'], beta: ['2-1', '2-1'] });
});
afterEach(async () => {
  await mirror.close();
  rmSync(home, { recursive: true });
});

const host = (): Host => ({
  ...mirrorHost(home),
  processes: {
    run: (command) => ({
      command,
      exitCode: 0,
      signal: undefined,
      startError: undefined,
      timedOut: false,
      stdout: '',
      stderr: '',
      durationMs: 0,
    }),
  },
});
const prepare = (options: Partial<PrepareOptions> = {}, on: Host = host()) =>
  prepareTools(on, fakePreparation(home, mirror, options));
const tree = (path = '') => join(home, 'tool-tree', path);
const recipes = () => (existsSync(tree('r')) ? readdirSync(tree('r')).sort() : []);
const buildId = (name: string, version: string) => Buffer.from(`${name} ${version} arm64`).toString('hex');

/** Nothing but what documents tell of. */
async function expectTidy(): Promise<void> {
  expect(await verifyTools(host(), home)).toMatchObject({ problems: [] });
  expect(
    readdirSync(join(home, 'tool-sets')).filter((name) => !['pairings', 'requests', 'stamps'].includes(name)),
  ).toEqual([]);
}

describe('prepareTools', () => {
  it('makes a set of verified programs with a recipe for each', async () => {
    const report = await prepare();
    const [set] = report.sets;
    expect(set).toMatchObject({ group: 'base', outcome: 'made', guestArchitecture: 'any', leftOut: [] });
    expect(
      set?.tools.map(({ name, guestPackage, hostPackage }) => [name, guestPackage, hostPackage]),
    ).toEqual([
      ['alpha', 'alpha 1-1+b2', 'alpha 1-1'],
      ['beta', 'beta 2-1', 'beta 2-1'],
    ]);
    const name = set?.set ?? '';
    expect(name).toMatch(/^[a-z2-7]{6}$/);
    expect(readFileSync(tree(`${name}/bin/alpha`))).toEqual(Buffer.from(fakeTool('alpha', '1-1', 'amd64')));
    expect(statSync(tree(`${name}/bin/alpha`)).mode & 0o777).toBe(0o755);
    expect(statSync(tree(`${name}/set.json`)).mode & 0o777).toBe(0o644);
    expect(recipes()).toEqual([buildId('alpha', '1-1+b2'), buildId('beta', '2-1')].sort());
    const recipe = parseRecipe(readFileSync(tree(`r/${buildId('alpha', '1-1+b2')}`), 'utf8'));
    expect(recipe.alternatives).toMatchObject([
      {
        size: fakeTool('alpha', '1-1+b2', 'arm64').length,
        exec: `/dev/.anyarch/${name}/bin/alpha`,
        bail: ['/proc'],
        map: [{ from: '--plugin=', to: `--plugin=/dev/.anyarch/${name}/` }],
      },
    ]);
    await expectTidy();
  });

  it('finds what is there, without fetching a package', async () => {
    const first = await prepare();
    mirror.requests.length = 0;
    const again = await prepare();
    expect(again.sets).toMatchObject([{ outcome: 'present', set: first.sets[0]?.set }]);
    expect(again.sets[0]?.tools).toEqual(first.sets[0]?.tools);
    expect(mirror.requests.filter((path) => path.includes('.deb'))).toEqual([]);
  });

  it('changes nothing in a dry run', async () => {
    const report = await prepare({ dryRun: true });
    expect(report.sets).toMatchObject([{ outcome: 'planned', set: undefined }]);
    expect(report.sets[0]?.tools).toHaveLength(2);
    expect(existsSync(tree())).toBe(false);
  });

  it('serves older and newer guests side by side', async () => {
    await prepare();
    await addToolSuite(mirror, { alpha: ['1-2', '1-2'], beta: ['2-1', '2-1'] });
    await prepare();
    expect(listTools(host(), home)).toHaveLength(2);
    expect(recipes()).toEqual(
      [buildId('alpha', '1-1+b2'), buildId('alpha', '1-2'), buildId('beta', '2-1')].sort(),
    );
    const both = parseRecipe(readFileSync(tree(`r/${buildId('beta', '2-1')}`), 'utf8'));
    expect(both.alternatives).toHaveLength(2);
    await expectTidy();
  });

  it('takes the versions of a root file system, of an older mirror where it must', async () => {
    const root = join(home, 'root');
    mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true });
    mkdirSync(join(root, 'usr/lib'), { recursive: true });
    writeFileSync(join(root, 'usr/lib/os-release'), 'ID=debian\nVERSION_CODENAME=trixie\n');
    writeFileSync(join(root, 'var/lib/dpkg/arch'), 'arm64\n');
    writeFileSync(
      join(root, 'var/lib/dpkg/status'),
      'Package: alpha\nStatus: install ok installed\nArchitecture: arm64\nVersion: 0-9\n',
    );
    const guest = rootGuest(host().files, root, 'root');
    const report = await prepare({ guest });
    expect(report.sets).toMatchObject([{ outcome: 'nothing', leftOut: [{ name: 'alpha' }] }]);
    expect(report.absent).toEqual(['beta']);
    const older = await startMirror();
    try {
      await addToolSuite(older, { alpha: ['0-9', '0-9'] });
      const keyrings = [mirror.keyring, older.keyring];
      const found = await prepare({ guest, snapshot: older.url, keyrings });
      expect(found.sets[0]?.tools.map(({ hostPackage }) => hostPackage)).toEqual(['alpha 0-9']);
    } finally {
      await older.close();
    }
  });

  it('makes sets of another version of anyarch anew', async () => {
    const [first] = (await prepare()).sets;
    const [second] = (await prepare({ version: '1.2.4' })).sets;
    expect(second?.outcome).toBe('made');
    expect(readdirSync(tree()).sort()).toEqual(['r', second?.set].sort());
    expect(second?.set).not.toBe(first?.set);
  });

  it.each(['different', 'emulated', 'failed', 'untested'] as const)(
    'leaves out a tool whose test ends %s, and tests it again the next time',
    async (outcome) => {
      const selfTest: typeof passAll = async (on, input) =>
        (await passAll(on, input)).map((one) =>
          one.name === 'beta' ? { ...one, outcome, detail: 'a test' } : one,
        );
      const report = await prepare({ parts: { selfTest } });
      expect(report.sets[0]?.tools.map(({ name }) => name)).toEqual(['alpha']);
      expect(report.sets[0]?.leftOut).toMatchObject([
        { name: 'beta', reason: expect.stringContaining('a test') as string },
      ]);
      expect(recipes()).toEqual([buildId('alpha', '1-1+b2')]);
      const again = await prepare();
      expect(again.sets[0]?.tools).toHaveLength(2);
      expect(again.sets[0]?.outcome).toBe('reused');
    },
  );

  it('tests before anybody can see a set', async () => {
    let seen: string[] | undefined;
    const selfTest: typeof passAll = (on, input) => {
      seen = [...recipes(), ...readdirSync(tree()).filter((name) => name !== 'r')];
      return passAll(on, input);
    };
    await prepare({ parts: { selfTest } });
    expect(seen).toEqual([]);
  });

  it('keeps nothing of a set that cannot be made', async () => {
    const makeSet: typeof copyPrograms = async (on, input, sink) => {
      await copyPrograms(on, input, sink);
      throw new SystemError('ENOSPC', 'write', 'somewhere');
    };
    await expect(prepare({ parts: { makeSet } })).rejects.toThrowWithCode('ANYARCH_DISK_FULL');
    expect(readdirSync(tree())).toEqual(['r']);
    await expectTidy();
  });
});

describe('a damaged tree', () => {
  const damages: readonly (readonly [string, (set: string) => void])[] = [
    [
      'a file is missing',
      (set) => {
        rmSync(tree(`${set}/bin/alpha`));
      },
    ],
    [
      'a file has another content',
      (set) => {
        writeFileSync(tree(`${set}/bin/alpha`), fakeTool('alphx', '1-1', 'amd64'));
      },
    ],
    [
      'a file was cut off',
      (set) => {
        writeFileSync(tree(`${set}/bin/alpha`), '');
      },
    ],
    [
      'a file is not executable',
      (set) => {
        chmodSync(tree(`${set}/bin/alpha`), 0o644);
      },
    ],
    [
      'a file was added',
      (set) => {
        writeFileSync(tree(`${set}/libc.so.6`), 'x');
      },
    ],
    [
      'the document is gone',
      (set) => {
        rmSync(tree(`${set}/set.json`));
      },
    ],
    [
      'the document is damaged',
      (set) => {
        writeFileSync(tree(`${set}/set.json`), '{"schema"');
      },
    ],
    [
      'the set is gone',
      (set) => {
        rmSync(tree(set), { recursive: true });
      },
    ],
    [
      'a recipe is gone',
      () => {
        rmSync(tree(`r/${buildId('alpha', '1-1+b2')}`));
      },
    ],
    [
      'a recipe is damaged',
      () => {
        writeFileSync(tree(`r/${buildId('alpha', '1-1+b2')}`), 'anyarch-recipe 1\n');
      },
    ],
    [
      'a recipe was added',
      () => {
        writeFileSync(tree('r/ab12'), 'anyarch-recipe 1\n');
      },
    ],
  ];

  it.each(damages)('is noticed and put right by the next preparation: %s', async (what, damage) => {
    const [set] = (await prepare()).sets;
    damage(set?.set ?? '');
    const found = await verifyTools(host(), home);
    expect([...found.sets.flatMap((one) => one.damage), ...found.problems]).not.toEqual([]);
    const [again] = (await prepare()).sets;
    expect(again).toMatchObject({ set: set?.set, tools: [{ name: 'alpha' }, { name: 'beta' }] });
    if (what !== 'a recipe was added') await expectTidy();
    expect(recipes()).toEqual(expect.arrayContaining([buildId('alpha', '1-1+b2'), buildId('beta', '2-1')]));
  });

  it.each(damages)('is taken out by a repair, recipes and all: %s', async (_, damage) => {
    const [set] = (await prepare()).sets;
    damage(set?.set ?? '');
    const lost = await removeDamagedTools(host(), home);
    for (const { guest, groups } of lost) await prepare({ guest, groups });
    const found = await verifyTools(host(), home);
    expect(found).toMatchObject({ sets: [{ outcome: 'intact' }], problems: [] });
    await expectTidy();
  });
});

describe('a tree that was copied or touched', () => {
  const alternatives = () =>
    recipes().flatMap((name) => parseRecipe(readFileSync(tree(`r/${name}`), 'utf8')).alternatives);
  const copied = (set: string) => {
    cpSync(tree(set), tree('copied'), { recursive: true });
    rmSync(tree(set), { recursive: true });
    renameSync(tree('copied'), tree(set));
  };
  /** Every native program, and nothing else, is what the recipes say. */
  const fits = () =>
    alternatives().every(
      ({ exec, natives = [] }) =>
        natives.some(({ path }) => path === exec) &&
        natives.every(({ path, size, changedAt }) => {
          const found = statSync(tree(path.slice('/dev/.anyarch/'.length)), { bigint: true });
          return found.size === BigInt(size) && found.ctimeNs === changedAt;
        }),
    );

  it('fits no recipe until its digests were verified by a repair', async () => {
    const [set] = (await prepare()).sets;
    expect(alternatives()).toHaveLength(2);
    expect(fits()).toBe(true);
    copied(set?.set ?? '');
    expect(fits()).toBe(false);
    expect((await verifyTools(host(), home)).problems).toMatchObject([
      expect.stringContaining('copied or touched') as string,
    ]);
    expect(fits()).toBe(false);
    expect(await removeDamagedTools(host(), home)).toEqual([]);
    expect(fits()).toBe(true);
    await expectTidy();
  });

  it('is verified by the next preparation, and not made again', async () => {
    const [set] = (await prepare()).sets;
    copied(set?.set ?? '');
    expect((await prepare()).sets).toMatchObject([{ outcome: 'present', set: set?.set }]);
    expect(alternatives()).toHaveLength(2);
    expect(fits()).toBe(true);
  });

  it('has no recipes of a set that turns out to be damaged', async () => {
    const [set] = (await prepare()).sets;
    writeFileSync(tree(`${set?.set ?? ''}/bin/alpha`), fakeTool('alphx', '1-1', 'amd64'));
    await removeTools(host(), home, ['all'], { dryRun: true });
    expect(fits()).toBe(false);
    await removeDamagedTools(host(), home);
    expect(recipes()).toEqual([]);
  });
});

describe('removeTools', () => {
  it('removes a set with its recipes', async () => {
    const [set] = (await prepare()).sets;
    const wish = [set?.set ?? ''];
    expect(await removeTools(host(), home, wish, { dryRun: true })).toHaveLength(1);
    expect(recipes()).toHaveLength(2);
    expect(await removeTools(host(), home, wish)).toMatchObject([{ set: set?.set, group: 'base' }]);
    expect(readdirSync(tree())).toEqual(['r']);
    expect(recipes()).toEqual([]);
    await expectTidy();
  });

  it('removes everything, however damaged', async () => {
    const [set] = (await prepare()).sets;
    rmSync(tree(`${set?.set ?? ''}/set.json`));
    expect(await removeTools(host(), home, ['all'])).toHaveLength(1);
    expect(readdirSync(tree())).toEqual(['r']);
    expect(await removeTools(host(), home, ['all'])).toEqual([]);
  });

  it('refuses names that are none, before it removes others', async () => {
    await prepare();
    await expect(removeTools(host(), home, ['base', 'nonsense'])).rejects.toThrowWithCode(
      'ANYARCH_SET_NOT_FOUND',
    );
    expect(recipes()).toHaveLength(2);
  });
});

describe('a preparation that is killed', () => {
  const changing = ['writeAtomic', 'rename', 'remove', 'makeDirectory'] as const;

  /** From the given change of a file on, nothing is changed any more: as if the process had been killed there. */
  function dying(after: number): { readonly host: Host; readonly count: () => number } {
    const alive = host();
    let count = 0;
    const files = { ...alive.files };
    for (const name of changing) {
      const original = (alive.files[name] as (...args: unknown[]) => void).bind(alive.files);
      Object.assign(files, {
        [name]: (...args: unknown[]) => {
          const isOfLock = String(args[0]).includes('/tool-sets/lock');
          if (!isOfLock && (count += 1) > after) throw new Error('killed');
          original(...args);
        },
      });
    }
    return { host: { ...alive, files }, count: () => count };
  }

  it(
    'leaves the old state wherever that is, and no rubbish after the next command',
    { timeout: 60_000 },
    async () => {
      const elsewhere = mkdtempSync(join(tmpdir(), 'anyarch-tools-'));
      const all = dying(Infinity);
      await prepareTools(all.host, fakePreparation(elsewhere, mirror));
      rmSync(elsewhere, { recursive: true });
      expect(all.count()).toBeGreaterThan(5);
      await prepare();
      const names = recipes();
      for (let after = 0; after < all.count(); after += 1) {
        const outcome = await prepare({ version: `2.${after}` }, dying(after).host).then(
          () => 'done',
          String,
        );
        expect(outcome).toMatch(/^(done|Error: killed)/);
        // The old recipes or the new ones, and what they name is whole.
        expect(recipes().filter((name) => names.includes(name))).toEqual(names);
        const { sets } = await verifyTools(host(), home);
        expect(sets.map((one) => one.outcome)).toEqual(['intact']);
        for (const name of names)
          for (const { exec } of parseRecipe(readFileSync(tree(`r/${name}`), 'utf8')).alternatives)
            expect(existsSync(tree(exec.slice('/dev/.anyarch/'.length)))).toBe(true);
        mkdirSync(join(home, 'tool-sets/making-1-2-3/half'), { recursive: true });
        await prepare({ version: `1.${after}` });
        await expectTidy();
      }
    },
  );
});

it('refuses architectures that Debian has not', () => {
  expect(() => suiteGuest('trixie', 'hexagon')).toThrowWithCode('ANYARCH_PACKAGE_NOT_FOUND');
});
