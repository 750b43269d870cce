/** One way of authentication that a server offers (RFC 9110, section 11). */
export interface Challenge {
  /** Lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const parameter = /([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\[^])*)"|([^\s",]+))/y;
const token68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const spaces = /[ \t]*/y;
const separators = /[ \t,]*/y;

/**
 * Reads a WWW-Authenticate field, several challenges among commas included. What cannot be understood ends the reading:
 * the challenges before it still count.
 */
export function parseChallenges(field: string): Challenge[] {
  const challenges: Challenge[] = [];
  let position = 0;
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    const match = pattern.exec(field) ?? undefined;
    if (match !== undefined) position += match[0].length;
    return match;
  };
  for (;;) {
    take(separators);
    const scheme = take(token)?.[0];
    if (scheme === undefined) return challenges;
    const parameters = new Map<string, string>();
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
    take(spaces);
    // Other schemes' own data, such as Negotiate's.
    take(token68);
    take(separators);
    for (;;) {
      const found = take(parameter);
      if (found === undefined) break;
      const [, name = '', quoted, plain = ''] = found;
      parameters.set(name.toLowerCase(), quoted?.replace(/\\([^])/g, '$1') ?? plain);
      take(separators);
    }
  }
}

/** A header's value that may have been sent several times. */
export function headerValue(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value;
}
