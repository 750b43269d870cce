import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { linkedIngredients } from '../../scripts/entrypoint/linked-ingredients.mjs';
import { hostPlatform } from './host-platform.ts';
import { linkedLibraries } from './linked-libraries.ts';

describe('linkedLibraries', () => {
  const of = async (text: string | undefined, platform = 'linux/arm/v7') => {
    const directory = mkdtempSync(join(tmpdir(), 'anyarch-linked-'));
    try {
      if (text !== undefined) writeFileSync(join(directory, 'ingredients.json'), text);
      return await linkedLibraries(directory, hostPlatform(platform));
    } finally {
      rmSync(directory, { recursive: true });
    }
  };

  it('reads what the build writes', async () => {
    const text = JSON.stringify(linkedIngredients());
    for (const platform of ['linux/amd64', 'linux/arm/v7', 'linux/s390x', 'linux/386']) {
      const [quickjs, musl] = await of(text, platform);
      expect(quickjs).toMatchObject({ name: 'quickjs', version: '2025.04.26' });
      expect(musl).toMatchObject({ name: 'musl', version: expect.stringMatching(/^1\.2\.\d+-/) as string });
      expect(musl?.sha256).toMatch(/^[\da-f]{64}$/);
    }
  });

  it('knows nothing where nothing is written', async () => {
    expect(await of(undefined)).toEqual([]);
  });

  it.each(['', '{}', '{"programs":{"linux-arm-v7":[{"name":"musl"}]}}', '{"programs":{"linux-amd64":[]}}'])(
    'refuses %j',
    async (text) => {
      await expect(of(text)).rejects.toThrowWithCode('ANYARCH_PROGRAM_NOT_FOUND');
    },
  );
});
