import { run } from './command.mjs';

/** A Debian mirror as this machine's apt knows it, without a trailing slash: some mirrors answer `//` with 400. */
export async function debianMirror() {
  const listed = await run([
    'apt-get',
    'indextargets',
    '--format',
    '$(REPO_URI)',
    'Created-By: Packages',
    'Origin: Debian',
    'Label: Debian',
  ]);
  return listed.split('\n')[0]?.replace(/\/+$/, '') || 'https://deb.debian.org/debian';
}
