import { quote } from '../core/text.ts';

/** Who we are for a registry. */
export interface Credentials {
  /** An identity token is exchanged for others; a password is sent as it is. */
  readonly kind: 'password' | 'identity-token';
  readonly username: string;
  readonly secret: string;
  /** Where they come from, for people. */
  readonly source: string;
}

export function basicAuthorization({ username, secret }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`;
}

/** For messages; never the secret. */
export function describeCredentials(credentials: Credentials | undefined): string {
  if (credentials === undefined) return 'no credentials were found for it';
  const { kind, username, source } = credentials;
  return kind === 'password'
    ? `tried the user ${quote(username)} of ${source}`
    : `tried the identity token of ${source}`;
}
