import { ownFile } from './own-package.ts';

/** The command that removes anyarch's own package, from wherever this one runs. */
export function packageRemoval(path = ownFile('')): string {
  const [, prefix] = /^(.*)\/node_modules\/anyarch\/?$/.exec(path) ?? [];
  if (prefix === undefined) return `rm -r ${path.replace(/(?<=.)\/$/, '')}`;
  return prefix.endsWith('/lib')
    ? 'npm uninstall --global anyarch'
    : `npm uninstall --prefix ${prefix} anyarch`;
}
