/**
 * The version as its makers count: `1:11.1.3+ds-1~bpo13+1` is `11.1.3`; Debian's repackaging marks (`+ds`, `+dfsg`)
 * are left out, `~rc` is kept.
 */
export function upstreamVersion(version: string): string {
  const rest = version.slice(version.indexOf(':') + 1);
  const dash = rest.lastIndexOf('-');
  return (dash === -1 ? rest : rest.slice(0, dash)).replace(/[+~](ds|dfsg)[\d.]*$/, '');
}

/** The source's version of a package that was only built anew (a binNMU): `9.1-1+b3` is `9.1-1`. */
export function withoutRebuild(version: string): string {
  return version.replace(/\+b\d+$/, '');
}

/** What a cross compiler's package was made from, as far as its version tells: `14.2.0-19cross1` is `14.2.0-19`. */
export function withoutCross(version: string): string {
  return withoutRebuild(version).replace(/cross\d+$/, '');
}
