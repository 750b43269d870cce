// Asks Debian for the current versions of what the program is made of, and pins them in ingredients.json. apt checks the
// archive's signature and what the signed lists say of each file; here only the answer is written down.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command.mjs';
import { debianMirror } from './mirror.mjs';
import { platforms } from './platforms.mjs';

const suite = 'trixie';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** @param {string} file of the pins */
export async function updateIngredients(file) {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-ingredients-'));
  try {
    const mirror = await debianMirror();
    const environment = { APT_CONFIG: configure(directory, mirror) };
    await run(['apt-get', 'update', '-q', '-o', 'APT::Update::Error-Mode=any'], { environment });
    const source = await run(
      ['apt-get', '--print-uris', '--download-only', '--only-source', 'source', 'quickjs'],
      { environment },
    );
    /** @type {Record<string, unknown>} */
    const musl = {};
    for (const { debian } of platforms) {
      const [found] = parse(
        await run(['apt-get', '--print-uris', 'download', `musl-dev:${debian}`], { environment }),
        mirror,
      );
      musl[debian] = found;
    }
    const parts = parse(source, mirror);
    const pinned = {
      quickjs: parts.find(({ path }) => path.includes('.orig.tar.')),
      'quickjs-debian': parts.find(({ path }) => path.includes('.debian.tar.')),
      'musl-dev': musl,
    };
    writeFileSync(file, `${JSON.stringify(pinned, null, 2)}\n`);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {string} output of --print-uris: 'URI' NAME SIZE SHA256:DIGEST @param {string} mirror */
function parse(output, mirror) {
  return [...output.matchAll(/^'([^']+)' \S+ (\d+) SHA256:([0-9a-f]{64})$/gm)].map(
    ([, uri, size, sha256]) => ({
      path: decodeURIComponent(uri ?? '').replace(`${mirror}/`, ''),
      size: Number(size),
      sha256,
    }),
  );
}

/** @param {string} directory @param {string} mirror @returns {string} a configuration that leaves the host's lists alone */
function configure(directory, mirror) {
  for (const name of ['lists/partial', 'archives/partial'])
    mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, 'status'), '');
  const archive = `[signed-by=${keyring}] ${mirror} ${suite} main`;
  writeFileSync(join(directory, 'sources.list'), `deb ${archive}\ndeb-src ${archive}\n`);
  const architectures = platforms.map(({ debian }) => `"${debian}";`).join(' ');
  const settings = `
Dir::Etc::sourcelist "${directory}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "${directory}";
Dir::State::status "${directory}/status";
Dir::Cache "${directory}";
APT::Architectures { ${architectures} };
APT::Sandbox::User "root";
Acquire::Languages "none";
`;
  const file = join(directory, 'apt.conf');
  writeFileSync(file, settings);
  return file;
}
