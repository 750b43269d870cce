import type { Comparison } from './compare/compare-images.ts';
import type { ConfigDifference } from './compare/compare-config.ts';
import type { FileDifference } from './compare/explain-files.ts';
import type { Aspect } from './compare/member.ts';

export interface Judgement {
  /**
   * `same`: nothing differs without a reason; `own`: what differs does so between builds without acceleration, too;
   * `different`: something differs that does not.
   */
  readonly verdict: 'same' | 'own' | 'different';
  /** What differs, without a known reason, and not in the same way between builds without acceleration. */
  readonly unexplained: readonly string[];
  /** What differs in each build: nothing can be said about it. */
  readonly own: readonly string[];
}

interface Difference {
  /** Where, and in what: a content that is random hides no mode, and one layer's nothing in another. */
  readonly key: string;
  readonly name: string;
}

/** What differs between builds without acceleration in the same place and the same aspect cannot be held against acceleration. */
export function judge(comparison: Comparison, repeated: Comparison): Judgement {
  const known = new Set(differencesOf(repeated).map(({ key }) => key));
  const found = differencesOf(comparison);
  const unexplained = namesOf(found.filter(({ key }) => !known.has(key)));
  const own = namesOf(found.filter(({ key }) => known.has(key)));
  const verdict = unexplained.length > 0 ? 'different' : own.length > 0 ? 'own' : 'same';
  return { verdict, unexplained, own };
}

function differencesOf({ config, files }: Comparison): Difference[] {
  return [
    ...config.filter(({ explained }) => explained === undefined).map(ofField),
    ...files.filter(({ explained }) => explained === undefined).flatMap(ofFile),
  ];
}

function ofField({ field, first, second }: ConfigDifference): Difference {
  const isThere = first !== undefined && second !== undefined;
  return { key: ['field', field, isThere ? 'value' : 'missing'].join('\n'), name: field };
}

function ofFile({ path, layer, aspects }: FileDifference): Difference[] {
  return aspects.map((aspect) => {
    const key = ['file', path, layer ?? 'tree', withoutSide(aspect)].join('\n');
    return { key, name: aspect === 'content' ? `/${path}` : `/${path}: ${aspect}` };
  });
}

/** Whether a file is there, or empty, may be up to chance in each build: which of two lacks it is no matter. */
function withoutSide(aspect: Aspect): string {
  return aspect.replace(/ in the (first|second)$/, '');
}

function namesOf(differences: readonly Difference[]): string[] {
  return [...new Set(differences.map(({ name }) => name))];
}
