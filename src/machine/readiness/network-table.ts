/**
 * What cloud-init's table of the network says, which it prints on the console once it has waited for the network:
 *
 *     ci-info: +++++++++Net device info+++++++++
 *     ci-info: +--------+-------+-----------+---
 *     ci-info: | Device |   Up  |  Address  | …
 *     ci-info: +--------+-------+-----------+---
 *     ci-info: |  eth0  | False |     .     | …
 *     ci-info: |   lo   |  True | 127.0.0.1 | …
 *     ci-info: +--------+-------+-----------+---
 *
 * @param text what the console printed, without controls
 * @returns whether a card has an IPv4 address, to which QEMU forwards; undefined where no whole table is, or no card in it
 */
export function hasNetworkAddress(text: string): boolean | undefined {
  const start = text.lastIndexOf('Net device info');
  if (start === -1) return undefined;
  const rows: { readonly device: string; readonly address: string }[] = [];
  let borders = 0;
  for (const line of text.slice(start).split('\n').slice(1)) {
    if (line.includes('ci-info: +-')) borders += 1;
    if (borders === 3) break;
    const [, device, address] = /ci-info: \| +(\S+) +\| +(?:True|False) +\| +(\S+) +\|/.exec(line) ?? [];
    if (device !== undefined && address !== undefined) rows.push({ device, address });
  }
  const cards = rows.filter(({ device }) => device !== 'lo');
  if (borders < 3 || cards.length === 0) return undefined;
  return cards.some(({ address }) => /^\d+(?:\.\d+){3}$/.test(address));
}
