/** What JSON can say. Fields that are undefined are left out. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * The one text of a value, so that the same image has the same digest wherever it is made: no white space, keys in the
 * order of their UTF-16 code units, numbers and strings as ECMAScript writes them (RFC 8785).
 */
export function formatCanonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => formatCanonicalJson(item)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value as Readonly<Record<string, Json | undefined>>)
      .filter((field): field is [string, Json] => field[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => `${JSON.stringify(key)}:${formatCanonicalJson(item)}`);
    return `{${fields.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new Error(`${String(value)} has no form in JSON`);
  return JSON.stringify(value);
}
