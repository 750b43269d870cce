import { expect, it } from 'vitest';
import { errorsPage } from './errors-page.ts';

it('docs/errors.md is what the codes say; vitest --update writes it anew', async () => {
  await expect(errorsPage()).toMatchFileSnapshot('../../docs/errors.md');
});
