import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { platforms, folderOf } from '../../scripts/entrypoint/platforms.mjs';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { buildPrograms } from '../support/quickjs/build.ts';
import type { ParityResult } from '../support/quickjs/parity/cases.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const parts = join(repository, 'test/support/quickjs/parity');
const loader = fileURLToPath(new URL('../support/mirror-typescript.mjs', import.meta.url));
/** Where the image's emulators are inside; over /usr/share, because that is there and nothing needs it. */
const emulatorsInside = '/usr/share/emulators';
const targets = ['aarch64', 'arm', 'riscv64', 's390x'];
let directory: string;
let onNode: ParityResult[];

beforeAll(async () => {
  directory = temporaryDirectory('parity');
  await buildPrograms(join(parts, 'on-quickjs.ts'), directory);
  writeStage(directory);
  onNode = await inside([process.execPath, '--import', loader, join(parts, 'on-node.ts')]);
}, 600_000);

/** The files of an image, and the script that lays them out in namespaces with an empty table of their own. */
function writeStage(place: string): void {
  for (const target of targets) {
    const path = `${emulatorsInside}/qemu-${target}-static`;
    const file = join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${target}`);
    const description = {
      schema: 1,
      target,
      path,
      version: '11.1.3',
      packageVersion: '1:11.1.3+ds-1',
      linkage: 'static-pie',
      preservesArgv0: true,
      size: statSync(file).size,
      sha256: 'ab'.repeat(32),
    };
    writeFileSync(join(place, `${target}.json`), JSON.stringify(description));
  }
  writeFileSync(join(place, 'broken'), buildProbe('x86_64', 1), { mode: 0o755 });
}

const lay = [
  'set -e; place=$1; qemu=$2; shift 2',
  'mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc',
  'mount -t tmpfs tmpfs /usr/share',
  `mkdir -p /usr/share/anyarch/emulators ${emulatorsInside} /usr/share/temporary`,
  'echo {} >/usr/share/anyarch/image.json',
  'cp "$place"/*.json /usr/share/anyarch/emulators',
  ...targets.map((target) => `cp "$qemu/qemu-${target}" ${emulatorsInside}/qemu-${target}-static`),
  // Answers --version with nothing, and runs no probe.
  `cp "$place/broken" ${emulatorsInside}/qemu-ppc64le-static`,
  'exec "$@"',
].join('\n');

async function inside(command: readonly string[]): Promise<ParityResult[]> {
  const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
  const environment = {
    PATH: process.env['PATH'],
    ANYARCH_HOME: '/usr/share/state',
    TMPDIR: '/usr/share/temporary',
    ...Object.fromEntries(
      ['ANYARCH_QEMU_DIR', 'QEMU_BIN_DIR', 'QEMU_BINARY_PATH'].map((name) => [name, emulatorsInside]),
    ),
    NODE_EXTRA_CA_CERTS: undefined,
  };
  const words = ['unshare', '-Urmpf', '--mount-proc', 'sh', '-c', lay, 'sh', directory, qemu, ...command];
  const { stdout } = await succeed(words, { environment, timeoutMs: 300_000 });
  return JSON.parse(stdout) as ParityResult[];
}

describeWith([needs.qemu], "The image's program on every platform", () => {
  it('does something in the cases that are compared', () => {
    const registered = onNode.filter(({ table }) => table.some((entry) => entry.startsWith('qemu-')));
    expect(registered.length).toBeGreaterThan(10);
    expect(new Set(onNode.map(({ exitCode }) => exitCode))).toEqual(new Set([0, 1, 2, 3]));
    expect(JSON.stringify(onNode)).not.toContain('ANYARCH_BUG');
  });

  it.each(platforms)(
    '$name: the same bytes as on Node',
    async (platform) => {
      const emulator = join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${platform.qemu}`);
      const own = await inside([emulator, join(directory, folderOf(platform), 'anyarch')]);
      for (const [index, expected] of onNode.entries()) expect(own[index]).toEqual(expected);
      expect(own).toHaveLength(onNode.length);
    },
    300_000,
  );
});
