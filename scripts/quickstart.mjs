// The main job on a fresh machine with Node and git: real programs of foreign architectures run, without root,
// without Docker, with nothing changed on the host. Plain JavaScript, because nothing is installed or built yet.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);

/** One per kind: 64 and 32 bits, little and big endian, Debian's ports of today. */
const architectures = ['arm64', 'arm/v7', 'ppc64le', 's390x', 'riscv64', 'mips64le', 'mipsle', 'i386'];
const expected = {
  arm64: 'aarch64',
  'arm/v7': /^armv[78]l$/,
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  mips64le: 'mips64',
  mipsle: 'mips',
  i386: /^i[3-6]86$/,
};

if (!existsSync('node_modules/.package-lock.json')) step('npm', ['ci', '--no-fund', '--no-audit']);
if (!existsSync('dist/cli/start.cjs')) step('npm', ['run', '--silent', 'build']);

const before = hostTable();
// One pass over the package for all of them; each run would fetch its own otherwise.
step('bin/anyarch', ['emulators', 'fetch', ...architectures.filter((name) => name !== 'i386')]);
let passed = 0;
let failed = 0;
for (const architecture of architectures) {
  const run = spawnSync(
    'bin/anyarch',
    ['run', '-a', architecture, '--', 'sh', '-c', 'uname -m; cat /proc/version | cut -c1-13'],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const machine = run.stdout.split('\n')[0] ?? '';
  const wanted = expected[architecture];
  const good = run.status === 0 && (wanted instanceof RegExp ? wanted.test(machine) : machine === wanted);
  if (good) passed += 1;
  else failed += 1;
  console.log(
    `${good ? 'ok  ' : 'FAIL'} anyarch run -a ${architecture.padEnd(8)} -- uname -m   # ${machine || `exit code ${run.status}`}`,
  );
}
const unchanged = hostTable() === before;
if (unchanged) passed += 1;
else failed += 1;
console.log(`${unchanged ? 'ok  ' : 'FAIL'} the host's table of emulators is as it was`);
console.log(`\nTry it yourself: bin/anyarch run -a s390x\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function step(command, words) {
  console.log(`> ${command} ${words.join(' ')}`);
  const { status, error } = spawnSync(command, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  console.log(
    `${command} failed${error ? `: ${error.message}` : ` with exit code ${status}`}\n\n0 passed, 1 failed`,
  );
  process.exit(1);
}

/** What the kernel has mounted and registered, as text to compare. */
function hostTable() {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes('binfmt_misc'));
  const entries = spawnSync('ls', ['/proc/sys/fs/binfmt_misc'], { encoding: 'utf8' }).stdout;
  return `${mounts.join('\n')}\n${entries}`;
}
