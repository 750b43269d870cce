/**
 * A process that fetches, to be interrupted: `node --import … mirror-child.ts OPTIONS`. OPTIONS is JSON. It prints a
 * line for each step of the progress and, at the end, the outcomes as JSON.
 */
import { spawnSync } from 'node:child_process';
import { AnyarchError } from '../../src/core/error.ts';
import { fetchEmulators, type FetchReport } from '../../src/emulators/index.ts';
import { mirrorHost } from './mirror-host.ts';

export interface ChildOptions {
  readonly home: string;
  readonly mirror: string;
  /** Base64. */
  readonly keyring: string;
  readonly targets: readonly string[];
  /** Mounts a tmpfs of so many KiB at `home` first; needs a mount namespace of its own. */
  readonly tmpfsKiB?: number;
}

const { home, mirror, keyring, targets, tmpfsKiB } = JSON.parse(process.argv[2] ?? '') as ChildOptions;
if (tmpfsKiB !== undefined) {
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${tmpfsKiB}k`, 'none', home], {
    encoding: 'utf8',
  });
  if (mount.status !== 0) throw new Error(`mount: ${mount.stderr}`);
}
const controller = new AbortController();
process.on('SIGINT', () => {
  controller.abort();
});
const code = await fetchEmulators(mirrorHost(home), {
  targets,
  mirror,
  keyrings: [Buffer.from(keyring, 'base64')],
  signal: controller.signal,
  onProgress: ({ phase, received }) => process.stdout.write(`${phase} ${received}\n`),
}).then(outcomes, (error: unknown) => (error instanceof AnyarchError ? [error.code] : [String(error)]));
const left =
  tmpfsKiB === undefined ? '' : spawnSync('find', [home, '-type', 'f'], { encoding: 'utf8' }).stdout;
process.stdout.write(
  `${JSON.stringify({ outcomes: code, left: left.split('\n').filter((path) => path !== '') })}\n`,
);

function outcomes({ results }: FetchReport): string[] {
  return results.map((result) => (result.outcome === 'failed' ? result.error.code : result.outcome));
}
