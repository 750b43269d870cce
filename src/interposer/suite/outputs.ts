/** What a guest that tries everything printed, or how it ended before it was through. */
export interface Tried {
  readonly text: string;
  readonly exitCode: number;
}

/** The cases of an output, in their order; the lines before the first one belong to none. */
export function casesOf(text: string): readonly (readonly [name: string, result: string])[] {
  const cases: [string, string][] = [];
  let flags = '';
  for (const line of text.split('\n')) {
    const last = cases.at(-1);
    if (line.startsWith('# flags ')) flags = `, ${line.slice(2)}`;
    // What stands for a whole round: its rule could not be registered.
    if (line.startsWith('# ')) cases.push([line.slice(2), '']);
    else if (line.startsWith('== ')) cases.push([`${line.slice(3)}${flags}`, '']);
    else if (last !== undefined) last[1] += `${line}\n`;
  }
  return cases;
}

/** How many cases of `casesOf` executed a guest. */
export function countCases(text: string): number {
  return text.split('\n').filter((line) => line.startsWith('== ')).length;
}

/** It came to its end, under the emulator that is known to be right. */
export function isComplete({ text, exitCode }: Tried): boolean {
  return exitCode === 0 && text.endsWith('# done\n');
}

/** The first case that came out differently, for people; undefined where all is the same. */
export function differenceOf(plain: Tried, interposed: Tried): string | undefined {
  if (plain.text === interposed.text && plain.exitCode === interposed.exitCode) return undefined;
  const [ours, theirs] = [casesOf(interposed.text), casesOf(plain.text)];
  for (const [index, [name, expected]] of theirs.entries()) {
    const [found, result] = ours[index] ?? ['nothing', ''];
    if (found !== name || result !== expected)
      return `the guest "${name}" printed ${shortened(result)} instead of ${shortened(expected)}`;
  }
  return `the guests ended with exit code ${interposed.exitCode} instead of ${plain.exitCode}`;
}

function shortened(text: string): string {
  const limit = 160;
  return JSON.stringify(text.length > limit ? `${text.slice(0, limit)}…` : text);
}
