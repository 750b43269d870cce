import type { CloudConfig } from './cloud-config.ts';

/** What QEMU gives its first card unless it is told otherwise. */
const firstMac = '52:54:00:12:34:56';

/**
 * DHCP on the one card. It is matched by its address: of cloud-init's renderers those for ifupdown and sysconfig know
 * no patterns of names, and take the key for the name instead.
 */
export function networkConfig(mac = firstMac): CloudConfig {
  return {
    version: 2,
    ethernets: { eth0: { match: { macaddress: mac.toLowerCase() }, 'set-name': 'eth0', dhcp4: true } },
  };
}
