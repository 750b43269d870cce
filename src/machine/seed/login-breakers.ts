import { isList, isMapping, type CloudConfig } from './cloud-config.ts';

/** Another source than the seed, or other modules than the image's: keys and users would not be set up, or be set up anew. */
const sources = [
  'datasource_list',
  'datasource',
  'cloud_init_modules',
  'cloud_config_modules',
  'cloud_final_modules',
] as const;

/** Of the user who logs in: with these sshd or the account would turn it away. */
const refusals = ['ssh_redirect_user', 'snapuser', 'no_create_home', 'inactive', 'expiredate'] as const;

/** Says what would keep anyone from logging in by SSH; undefined when nothing does, as far as it is known. */
export function sourceBreaker(config: CloudConfig): string | undefined {
  const source = sources.find((key) => config[key] !== undefined);
  if (source !== undefined) return `has ${source}, which belongs to the image`;
  if (config['allow_public_ssh_keys'] !== undefined && config['allow_public_ssh_keys'] !== true)
    return 'has allow_public_ssh_keys: without keys nobody can log in';
  return undefined;
}

/** The same for an entry of the user who logs in. */
export function userBreaker({ users }: CloudConfig, user: string): string | undefined {
  if (!isList(users)) return undefined;
  const key = users
    .filter((entry) => isMapping(entry) && entry['name'] === user)
    .flatMap((entry) =>
      refusals.filter((one) => isMapping(entry) && ![undefined, null, false].includes(entry[one] as null)),
    )
    .at(0);
  return key === undefined ? undefined : `users: ${user} has ${key}`;
}
