import { run } from './command.mjs';

/**
 * The Debian archive to fetch from, without a trailing slash, because some mirrors answer `//` with 400: `$ANYARCH_MIRROR`,
 * else the one that this machine's apt uses.
 */
export async function debianMirror() {
  const mirror = process.env.ANYARCH_MIRROR || (await configured()) || (await ofOriginDebian());
  if (mirror) return mirror.replace(/\/+$/, '');
  throw new Error("apt's configuration names no Debian mirror: set ANYARCH_MIRROR to the URL of one");
}

/** Known without apt's lists, too, which a machine that was never updated does not have. */
async function configured() {
  const printed = await run(['apt-get', 'update', '--print-uris']);
  const archives = [...printed.matchAll(/^'([^']+?)\/+dists\/[^']+\/InRelease'/gm)].map(
    ([, url = '']) => url,
  );
  return archives.find((url) => URL.canParse(url) && new URL(url).pathname === '/debian');
}

/** Mirrors with another path, by what their signed lists say of themselves. */
async function ofOriginDebian() {
  const query = ['Created-By: Packages', 'Origin: Debian', 'Label: Debian'];
  return (await run(['apt-get', 'indextargets', '--format', '$(REPO_URI)', ...query])).split('\n')[0];
}
