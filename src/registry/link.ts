/** The address of the next page that a Link field names (RFC 8288), as it is written there. */
export function nextPage(field: string | undefined): string | undefined {
  for (const [, address, parameters = ''] of (field ?? '').matchAll(/<([^>]*)>([^<]*)/g))
    if (/;\s*rel\s*=\s*(?:next|"(?:[^"]*\s)?next(?:\s[^"]*)?")\s*(?:[;,]|$)/i.test(parameters))
      return address;
  return undefined;
}
