/** A URL as it may be shown: without the password that apt configurations keep in it. */
export function shown(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return url;
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

/** Splits user and password off a URL, as an `authorization` header. */
export function splitCredentials(url: string): { url: string; authorization: string | undefined } {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return { url, authorization: undefined };
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: shown(url), authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Joins a path to a base; every segment is escaped, because package versions contain `+`, `~` and `:`. */
export function joined(base: string, path: string): string {
  return `${base}/${path.split('/').map(encodeURIComponent).join('/').replaceAll('%2B', '+').replaceAll('%7E', '~')}`;
}
