import { expect, it } from 'vitest';
import type { Ensured } from '../../private-table/index.ts';
import { mergeEnsured } from './merge-ensured.ts';

const kept: Ensured = {
  table: 'kept',
  architectures: [
    { architecture: 'aarch64', outcome: 'kept' },
    { architecture: 's390x', outcome: 'added' },
  ],
  copied: ['jar'],
  notCopied: [],
};

it('tells of several namespaces what was done or failed in any of them', () => {
  const failed: Ensured = {
    table: 'made',
    architectures: [
      {
        architecture: 'aarch64',
        outcome: 'failed',
        error: { code: 'ANYARCH_PROBE_FAILED', message: 'no', hint: 'so' },
      },
      { architecture: 's390x', outcome: 'kept' },
    ],
    copied: ['jar', 'python'],
    notCopied: [{ name: 'cli', reason: 'gone' }],
  };
  for (const merged of [mergeEnsured(kept, failed), mergeEnsured(failed, kept)])
    expect(merged).toMatchObject({
      table: 'made',
      architectures: [{ outcome: 'failed' }, { outcome: 'added' }],
      notCopied: [{ name: 'cli' }],
    });
  expect(mergeEnsured(kept, failed).copied).toEqual(['jar', 'python']);
});
