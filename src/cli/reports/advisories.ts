import type { AdvisoryMatch } from '../../advisories/index.ts';

const shown = 4;

/** Lines about what is known to go wrong, the surest first. */
export function formatAdvisories(matches: readonly AdvisoryMatch[]): string[] {
  const lines = matches.slice(0, shown).flatMap(({ advisory, unproven }) => [
    `  known (${advisory.confidence}): ${advisory.title}${unproven.length === 0 ? '' : `, if it is that: ${unproven.join('; ')}`}`,
    ...advisory.workarounds.slice(0, 2).map(({ does, environment = {} }) => {
      const variables = Object.entries(environment).map(([key, value]) => `-e ${key}=${value}`);
      return `    try: ${[does, ...variables].join(' ')}`;
    }),
    `    see: ${advisory.references[0]}`,
  ]);
  const more = matches.length - shown;
  return more > 0 ? [...lines, `  and ${more} more: docs/advisories.md`] : lines;
}
