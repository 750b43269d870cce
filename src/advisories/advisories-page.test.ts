import { expect, it } from 'vitest';
import { advisoriesPage } from './advisories-page.ts';

it('docs/advisories.md is what the table says; vitest --update writes it anew', async () => {
  await expect(advisoriesPage()).toMatchFileSnapshot('../../docs/advisories.md');
});
