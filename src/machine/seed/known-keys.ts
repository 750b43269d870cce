import { isList, isMapping, type CloudConfig, type CloudValue } from './cloud-config.ts';

/** cloud-init's keys that are lists: what else they are would take the place of anyarch's entries, or stop a module. */
const lists = [
  'users',
  'packages',
  'runcmd',
  'bootcmd',
  'mounts',
  'write_files',
  'ssh_authorized_keys',
  'ssh_genkeytypes',
  'ca_certs.trusted',
] as const;
const mappings = [
  'ssh_keys',
  'ssh',
  'apt',
  'yum_repos',
  'chpasswd',
  'growpart',
  'swap',
  'power_state',
  'ntp',
] as const;

/** Says what cloud-init could not use, `users[1] is no mapping`; undefined when all fits as far as it is known. */
export function misfitOf(config: CloudConfig): string | undefined {
  const noList = lists.find((key) => config[key] !== undefined && !isList(config[key]));
  if (noList !== undefined) return `is wrong at ${noList}: it is a list`;
  const noMapping = mappings.find((key) => config[key] !== undefined && !isMapping(config[key]));
  if (noMapping !== undefined) return `is wrong at ${noMapping}: it is a mapping`;
  return (
    itemMisfit(config, 'users', (value) => isMapping(value) || typeof value === 'string') ??
    itemMisfit(config, 'write_files', isMapping) ??
    itemMisfit(config, 'mounts', isList) ??
    itemMisfit(config, 'runcmd', isCommand) ??
    itemMisfit(config, 'bootcmd', isCommand) ??
    itemMisfit(config, 'ssh_authorized_keys', (value) => typeof value === 'string') ??
    userMisfit(config)
  );
}

function itemMisfit(
  config: CloudConfig,
  key: string,
  fits: (value: CloudValue) => boolean,
): string | undefined {
  const list = config[key];
  if (!isList(list)) return undefined;
  const index = list.findIndex((item) => !fits(item));
  return index === -1 ? undefined : `is wrong at ${key}[${index}]`;
}

/** A number among words is what `[sleep, 5]` is read as. */
function isCommand(value: CloudValue): boolean {
  const isWord = (word: CloudValue): boolean => typeof word === 'string' || typeof word === 'number';
  return isWord(value) || value === null || (isList(value) && value.every(isWord));
}

function userMisfit({ users }: CloudConfig): string | undefined {
  if (!isList(users)) return undefined;
  for (const [index, user] of users.entries()) {
    if (!isMapping(user)) continue;
    const at = `is wrong at users[${index}]`;
    if (typeof user['name'] !== 'string' && typeof user['snapuser'] !== 'string')
      return `${at}: it has no name`;
    const keys = user['ssh_authorized_keys'];
    if (keys !== undefined && !(isList(keys) && keys.every((key) => typeof key === 'string')))
      return `${at}.ssh_authorized_keys: it is a list of texts`;
  }
  return undefined;
}
