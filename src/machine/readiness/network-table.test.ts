import { describe, expect, it } from 'vitest';
import { hasNetworkAddress } from './network-table.ts';

const table = (...rows: string[]): string =>
  [
    '++++++++Net device info++++++++',
    '+--------+-------+-----------+',
    '| Device |   Up  |  Address  |   Mask    | Scope  | Hw-Address |',
    '+--------+-------+-----------+',
    ...rows,
    '|   lo   |  True | 127.0.0.1 | 255.0.0.0 |  host  |     .      |',
    '|   lo   |  True |  ::1/128  |     .     |  host  |     .      |',
    '+--------+-------+-----------+',
    '++++++Route IPv6 info++++++',
  ]
    .map((line) => `[   67.771675] cloud-init[378]: ci-info: ${line}`)
    .join('\n');

describe("cloud-init's table of the network", () => {
  it('tells a card with an address from one without', () => {
    const link =
      '|  eth0  | True | fe80::5054:ff:fe4e:8480/64 |       .       |  link  | 52:54:00:4e:84:80 |';
    expect(
      hasNetworkAddress(table('|  eth0  | True | 10.0.2.15 | 255.255.255.0 | global | 52:54 |', link)),
    ).toBe(true);
    expect(hasNetworkAddress(table('|  eth0  | False |     .     |     .     |   .    | 52:54 |'))).toBe(
      false,
    );
    // QEMU forwards to no other than IPv4 addresses.
    expect(hasNetworkAddress(table(link))).toBe(false);
  });

  it('says nothing before it is whole, without a card, or where it is not', () => {
    const whole = table('| eth0 | False | . | . | . | 52:54 |');
    expect(hasNetworkAddress(whole.slice(0, whole.lastIndexOf('ci-info: +-')))).toBeUndefined();
    expect(hasNetworkAddress(table())).toBeUndefined();
    expect(hasNetworkAddress('demo login: ')).toBeUndefined();
  });

  it('counts as the last one says', () => {
    const without = table('| eth0 | False | . | . | . | 52:54 |');
    const having = table('| eth0 | True | 10.0.2.15 | 255.255.255.0 | global | 52:54 |');
    expect(hasNetworkAddress(`${without}\n${having}`)).toBe(true);
  });
});
