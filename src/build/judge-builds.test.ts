import { describe, expect, it } from 'vitest';
import type { Comparison } from './compare/compare-images.ts';
import { judge } from './judge-builds.ts';

type File = Comparison['files'][number];

function found(files: readonly File[], config: Comparison['config'] = []): Comparison {
  const layers = { first: 2, second: 2, identical: 0, compared: 'by layer' as const };
  return { same: false, config, files, onlyTimes: 0, layers, compared: 1 };
}

const content = (path: string, layer = 0): File => ({ path, layer, aspects: ['content'] });

describe('what differs between plain builds', () => {
  it('cannot be held against acceleration', () => {
    expect(judge(found([content('a')]), found([content('a')]))).toEqual({
      verdict: 'own',
      own: ['/a'],
      unexplained: [],
    });
    expect(judge(found([content('a'), content('b')]), found([content('a')]))).toEqual({
      verdict: 'different',
      own: ['/a'],
      unexplained: ['/b'],
    });
  });

  it.each<File['aspects'][number]>([
    'mode',
    'owner',
    'type',
    'missing in the second',
    'empty in the first',
    'extended attributes',
  ])('hides nothing by a random content: %s', (aspect) => {
    const first = found([{ path: 'a', layer: 0, aspects: ['content', aspect] }]);
    expect(judge(first, found([content('a')]))).toEqual({
      verdict: 'different',
      own: ['/a'],
      unexplained: [`/a: ${aspect}`],
    });
  });

  it('hides nothing in another layer', () => {
    expect(judge(found([content('a', 1)]), found([content('a', 0)])).verdict).toBe('different');
  });

  it('hides no field of the configuration that is not there', () => {
    const field = (first: string | undefined) => found([], [{ field: 'config.User', first, second: '"b"' }]);
    expect(judge(field('"a"'), field('"c"')).verdict).toBe('own');
    expect(judge(field(undefined), field('"c"')).verdict).toBe('different');
  });

  it('may be whether a file is there', () => {
    const first = found([{ path: 'a', layer: 0, aspects: ['missing in the second'] }]);
    const second = found([{ path: 'a', layer: 0, aspects: ['missing in the first'] }]);
    expect(judge(first, second).verdict).toBe('own');
  });
});
