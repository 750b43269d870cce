/** Whether it has a character that makes a pattern of it. */
export function isGlob(text: string): boolean {
  return /[*?[\\]/.test(text);
}

/**
 * Whether a name matches a pattern as Go's `path.Match` does it: `*` and `?` do not match a slash, `[a-z]`, `[^a-z]`,
 * `\` takes the meaning from the next character. Undefined for a pattern that is broken.
 */
export function matchGlob(pattern: string, name: string): boolean | undefined {
  const parts = parseGlob(pattern);
  return parts && matchParts(parts, Array.from(name));
}

/** One character of a name, or `star`: any number of them. */
type Part = 'star' | ((character: string) => boolean);

function parseGlob(pattern: string): Part[] | undefined {
  const characters = Array.from(pattern);
  const parts: Part[] = [];
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index];
    if (character === '*') {
      parts.push('star');
    } else if (character === '?') {
      parts.push((one) => one !== '/');
    } else if (character === '[') {
      const set = parseSet(characters, index + 1);
      if (set === undefined) return undefined;
      parts.push(set.matches);
      index = set.end;
    } else {
      if (character === '\\') index++;
      const literal = characters[index];
      if (literal === undefined) return undefined;
      parts.push((one) => one === literal);
    }
  }
  return parts;
}

interface CharacterSet {
  readonly matches: (character: string) => boolean;
  /** Where its closing bracket stands. */
  readonly end: number;
}

function parseSet(characters: readonly string[], start: number): CharacterSet | undefined {
  const isNegated = characters[start] === '^';
  const ranges: (readonly [string, string])[] = [];
  let index = isNegated ? start + 1 : start;
  const next = (): string | undefined => {
    const character = characters[index++];
    if (character === '\\') return characters[index++];
    return character === '-' || (character === ']' && ranges.length === 0) ? undefined : character;
  };
  while (characters[index] !== ']' || ranges.length === 0) {
    const low = next();
    if (low === undefined) return undefined;
    let high: string | undefined = low;
    if (characters[index] === '-') {
      index++;
      high = next();
      if (high === undefined) return undefined;
    }
    ranges.push([low, high]);
  }
  return {
    matches: (one) => ranges.some(([low, high]) => low <= one && one <= high) !== isNegated,
    end: index,
  };
}

/** Positions in the pattern that can be reached by what was read of the name: no pattern takes long. */
function matchParts(parts: readonly Part[], name: readonly string[]): boolean {
  const withStars = (positions: Iterable<number>): Set<number> => {
    const reached = new Set<number>();
    for (let position of positions) {
      reached.add(position);
      while (parts[position] === 'star') reached.add(++position);
    }
    return reached;
  };
  let reached = withStars([0]);
  for (const character of name) {
    const following: number[] = [];
    for (const position of reached) {
      const part = parts[position];
      if (part === 'star') {
        if (character !== '/') following.push(position);
      } else if (part?.(character) === true) {
        following.push(position + 1);
      }
    }
    reached = withStars(following);
  }
  return reached.has(parts.length);
}
