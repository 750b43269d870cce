import { AnyarchError } from '../../core/error.ts';
import { quote } from '../../core/text.ts';
import { userBreaker } from './login-breakers.ts';
import type { SeedOptions } from './options.ts';

/** What `adduser` of Debian takes by default, in lower case. */
export function isUserName(name: string): boolean {
  return /^[a-z_][a-z0-9_-]{0,31}$/.test(name);
}

/** @throws AnyarchError ANYARCH_SEED_INVALID */
export function checkOptions(options: SeedOptions): void {
  const { user, hostname, authorizedKeys, mac, password, mounts = [], userData = {} } = options;
  if (!isUserName(user))
    throw invalid(
      `${quote(user)} is no name for a user of the machine`,
      'names have lower-case letters, digits, - and _: --user debian',
    );
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(hostname))
    throw invalid(`${quote(hostname)} is no host name`, 'letters, digits and - make host names');
  for (const key of authorizedKeys)
    if (!/^[a-z][a-z0-9@.-]* [A-Za-z0-9+/]+={0,2}( [^\r\n\0]*)?$/.test(key))
      throw invalid(
        `${quote(key)} is no public key`,
        'it looks like "ssh-ed25519 AAAA… comment", on one line',
      );
  if (mac !== undefined && !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac))
    throw invalid(`${quote(mac)} is no address of a network card`, 'it looks like 52:54:00:12:34:56');
  if (password !== undefined && (password === '' || /[\r\n\0:]/.test(password)))
    throw invalid('the password is empty, or has a colon or a line break in it', 'choose another one');
  for (const { target } of mounts)
    if (!target.startsWith('/') || /[\s\0]/.test(target))
      throw invalid(`${quote(target)} cannot be mounted on`, 'take an absolute path without spaces');
  const breaker = userBreaker(userData, user);
  if (breaker !== undefined)
    throw invalid(
      `the document for cloud-init cannot be used: ${breaker}, with which anyarch could not log in`,
      'leave it out, or make another user with it',
    );
}

function invalid(message: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_SEED_INVALID', message, { hint });
}
