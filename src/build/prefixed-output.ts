import { printable } from '../core/printable.ts';

/**
 * What several builds print at a time, as lines that say whose they are. Text that cannot be a line of its own, such as a
 * progress bar's, becomes one; what a terminal would act upon is escaped, as it could rewrite another build's lines.
 *
 * @param prefix `linux/arm64`; undefined where only one build prints: then everything passes as it is
 */
export function prefixedOutput(
  prefix: string | undefined,
  write: (text: string) => void,
): { take(text: string): void; end(): void } {
  if (prefix === undefined) return { take: write, end: () => undefined };
  let rest = '';
  const line = (text: string): void => {
    write(`[${prefix}] ${printable(text.replaceAll('\t', '    '))}\n`);
  };
  return {
    take: (text) => {
      const lines = `${rest}${text}`.split(/\r\n|\n|\r/);
      rest = lines.pop() ?? '';
      for (const one of lines) line(one);
    },
    end: () => {
      if (rest !== '') line(rest);
      rest = '';
    },
  };
}
