import { readFileSync } from 'node:fs';

/** The records of a file in test/data/ whose first line tells where they come from. */
export function recorded<T>(name: string): T[] {
  const text = readFileSync(new URL(`./${name}`, import.meta.url), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line) as T);
}
