import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { platforms, folderOf } from '../../scripts/entrypoint/platforms.mjs';
import { run } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { buildPrograms } from '../support/quickjs/build.ts';
import { languageSample } from '../support/quickjs/language-sample.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Bytes. */
const largest = 600_000;
let programs: string;
let samples: string;

beforeAll(async () => {
  const directory = temporaryDirectory('platforms');
  [programs, samples] = [`${directory}/programs`, `${directory}/samples`];
  await buildPrograms(join(repository, 'src/entrypoint/quickjs.ts'), programs);
  await buildPrograms(join(repository, 'test/support/quickjs/language-program.ts'), samples);
}, 600_000);

describeWith([needs.qemu], "The image's program under QEMU", () => {
  const emulated = (directory: string, platform: (typeof platforms)[number], words: readonly string[]) => {
    const emulator = join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${platform.qemu}`);
    return run([emulator, join(directory, folderOf(platform), 'anyarch'), ...words], { environment: {} });
  };

  it.each(platforms)('for $name is small', (platform) => {
    expect(statSync(join(programs, folderOf(platform), 'anyarch')).size).toBeLessThan(largest);
  });

  it.each(platforms)('for $name understands the language as Node does', async (platform) => {
    const { stdout, stderr, exitCode } = await emulated(samples, platform, []);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
    expect(stdout).toBe(JSON.stringify(languageSample()));
  });

  it.each(platforms)('for $name prints what the first one prints', async (platform) => {
    const calls = [['--help'], ['--version'], ['register', '--help'], ['regster'], ['--reset', '--nonsense']];
    for (const words of calls) {
      const [first, own] = await Promise.all(
        [platforms[0]!, platform].map((each) => emulated(programs, each, words)),
      );
      expect(own).toMatchObject({ stdout: first!.stdout, stderr: first!.stderr, exitCode: first!.exitCode });
      expect(`${own!.stdout}${own!.stderr}`).not.toBe('');
    }
  });
});
