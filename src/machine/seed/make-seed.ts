import { stringify } from 'yaml';
import { encodeUtf8 } from '../../core/text.ts';
import { writeIso } from '../../iso9660/index.ts';
import { checkOptions } from './check-options.ts';
import type { CloudConfig } from './cloud-config.ts';
import { mergeUserData } from './merge.ts';
import { networkConfig } from './network-config.ts';
import type { SeedOptions } from './options.ts';
import { plainFiles } from './plain-files.ts';
import { ownUserData } from './user-data.ts';

/**
 * The disk from which cloud-init's NoCloud reads what a machine is to become. It may hold private keys and a password.
 * All three files are always there: without meta-data the seed is ignored, without network-config cards stay down. What
 * cannot read YAML finds the same in `anyarch/`.
 *
 * https://docs.cloud-init.io/en/latest/reference/datasources/nocloud.html
 *
 * @throws AnyarchError ANYARCH_SEED_INVALID
 */
export function makeSeed(options: SeedOptions): Uint8Array {
  const files = Object.entries({ ...seedFiles(options), ...plainFiles(options) }).map(([path, text]) => ({
    path,
    content: encodeUtf8(text),
    // Keys and perhaps a password, and the guest may mount it for all.
    mode: 0o400,
  }));
  return writeIso({ volumeId: 'cidata', files, modifiedMs: options.modifiedMs });
}

/** @throws AnyarchError ANYARCH_SEED_INVALID */
export function seedFiles(
  options: SeedOptions,
): Readonly<Record<'meta-data' | 'network-config' | 'user-data', string>> {
  checkOptions(options);
  const userData = mergeUserData(ownUserData(options), options.userData ?? {}, options.user);
  return {
    'user-data': `#cloud-config\n${yaml(userData)}`,
    'meta-data': yaml({ 'instance-id': options.instanceId, 'local-hostname': options.hostname }),
    'network-config': yaml(networkConfig(options.mac)),
  };
}

/** As version 1.1, which cloud-init reads: `on` and `0644` are quoted when they are texts. */
function yaml(document: CloudConfig): string {
  return stringify(document, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
