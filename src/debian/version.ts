/**
 * The version as its makers count: `1:11.1.3+ds-1~bpo13+1` is `11.1.3`; Debian's repackaging marks (`+ds`, `+dfsg`)
 * are left out, `~rc` is kept.
 */
export function upstreamVersion(version: string): string {
  const rest = version.slice(version.indexOf(':') + 1);
  const dash = rest.lastIndexOf('-');
  return (dash === -1 ? rest : rest.slice(0, dash)).replace(/[+~](ds|dfsg)[\d.]*$/, '');
}
