import { isList, isMapping, type CloudConfig, type CloudValue } from './cloud-config.ts';

/**
 * Whether a document for cloud-init leaves a user with a password to log in with. Of an entry in `users` it is locked again at
 * once, unless the entry says otherwise; `chpasswd` comes later, and unlocks it.
 *
 * https://docs.cloud-init.io/en/latest/reference/modules.html#set-passwords
 */
export function setsPassword({ users, chpasswd, password }: CloudConfig, user: string): boolean {
  const entries = isList(users) ? users : [];
  const isOpened = entries.some(
    (entry) =>
      isMapping(entry) &&
      entry['name'] === user &&
      entry['lock_passwd'] === false &&
      ['passwd', 'hashed_passwd', 'plain_text_passwd'].some((key) => isText(entry[key])),
  );
  // `password` is for the image's own user, who may be called the same.
  const isDefault = isText(password) && entries.includes('default');
  return isOpened || isDefault || (isMapping(chpasswd) && changes(chpasswd, user));
}

/** `users` has mappings; `list`, of before 22.3, lines of `name:password`. */
function changes({ users, list }: CloudConfig, user: string): boolean {
  const lines = typeof list === 'string' ? list.split('\n') : isList(list) ? list : [];
  return (
    (isList(users) && users.some((entry) => isMapping(entry) && entry['name'] === user)) ||
    lines.some((line) => typeof line === 'string' && line.trim().startsWith(`${user}:`))
  );
}

function isText(value: CloudValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}
