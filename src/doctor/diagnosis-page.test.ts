import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checks } from './checks/index.ts';
import { diagnosisPage } from './diagnosis-page.ts';
import { notInjected } from './testing/not-injected.ts';

it('docs/diagnosis.md is what the checks say; vitest --update writes it anew', async () => {
  await expect(diagnosisPage(checks, notInjected)).toMatchFileSnapshot('../../docs/diagnosis.md');
});

describe('checks', () => {
  const ids = checks.map(({ id }) => id);

  it('have names of their own', () => {
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('ask, explain and help in whole sentences', () => {
    const poor = checks.filter(
      ({ question, explanation, remedy }) =>
        !question.endsWith('?') || !explanation.endsWith('.') || explanation.length < 60 || remedy === '',
    );
    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  it('each have a fault that is made on a real kernel, or a reason why not', () => {
    const injected = new Set(injectedCauses());
    expect(ids.filter((id) => !injected.has(id) && !(id in notInjected))).toEqual([]);
    expect([...injected].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('that cannot be made in a test are checks, and are not made', () => {
    const injected = new Set(injectedCauses());
    expect(Object.keys(notInjected).filter((id) => !ids.includes(id) || injected.has(id))).toEqual([]);
  });

  it('are proven by at least 30 faults', () => {
    expect(injectedCauses().length).toBeGreaterThanOrEqual(30);
  });
});

/** Ids that test/faults/ demands as the first cause, once a fault. */
function injectedCauses(): string[] {
  const directory = fileURLToPath(new URL('../../test/faults/', import.meta.url));
  const names = readdirSync(directory, { encoding: 'utf8', recursive: true }).filter((name) =>
    name.endsWith('.test.ts'),
  );
  return names.flatMap((name) =>
    [...readFileSync(join(directory, name), 'utf8').matchAll(/\bcause: '([^']+)'/g)].map(([, id = '']) => id),
  );
}
