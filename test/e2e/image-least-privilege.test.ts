import { describe, expect, test } from 'vitest';
import {
  allWith,
  describeImage,
  expectRefused,
  expectRuns,
  flagsIn,
} from '../support/engines/image-suite.ts';
import { guests } from '../support/fixtures/guests.ts';

const table = '/proc/sys/fs/binfmt_misc';
const given = ['-v', `${table}:/binfmt`];
const permission = expect.stringContaining('[ANYARCH_PERMISSION]') as string;

// docs/least-privilege.md
describeImage('registering without --privileged', (suite) => {
  const { run } = suite;

  test.each([
    ['anyarch register', ['anyarch', 'register'], 'PF'],
    ['multiarch', ['anyarch', '--reset', '-p', 'yes'], 'F'],
    ['tonistiigi/binfmt', ['anyarch:binfmt', '--install', 'all'], 'POCF'],
    ['dbhi/qus', ['anyarch:qus', '-s', '--', '-p'], 'F'],
    ['podman', ['anyarch'], 'PF'],
  ])('%s: registers, proves and unregisters, with the table alone', async (_, words, flags) => {
    expect(await run(['run', '--rm', ...given, ...words])).toMatchObject({ exitCode: 0 });
    expect(flagsIn(suite)).toEqual(allWith(flags));
    await expectRuns(suite, guests.s390x);
    const gone = await run(['run', '--rm', ...given, 'anyarch', 'unregister']);
    expect(gone).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('replaced by nothing: qemu-') as string,
    });
    expect(flagsIn(suite)).toEqual({});
  });

  const confined = [
    ['--cap-drop', 'ALL'],
    ['--network', 'none'],
    ['--security-opt', 'no-new-privileges'],
  ];

  test.each([
    ['with every capability dropped, no network, no new privileges', confined.flat()],
    ['in a read-only container', ['--read-only']],
    ['with all of it', [...confined.flat(), '--read-only']],
  ])('%s: proven', async (_, options) => {
    const words = ['run', '--rm', ...options, ...given, 'anyarch', 'register', 'arm64', '--json'];
    const { exitCode, stdout } = await run(words);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ results: [{ architecture: 'aarch64', proven: true }] });
    await expectRuns(suite, guests.arm64);
  });

  test('what unprivileged containers register stays when they are gone', async () => {
    await expectRuns(suite, guests.arm64);
    expect(flagsIn(suite)).toEqual({ 'qemu-aarch64': 'PF' });
  });

  describe('refused', () => {
    test.each([
      ['register', ['anyarch', 'register']],
      ['unregister, which could not see what there is', ['anyarch', 'unregister']],
      ['status, likewise', ['anyarch', 'status']],
      ['multiarch', ['anyarch', '--reset', '-p', 'yes']],
      ['tonistiigi/binfmt', ['anyarch:binfmt', '--install', 'all']],
      ['dbhi/qus', ['anyarch:qus', '-s', '--', '-p']],
      ['podman', ['anyarch']],
    ])('with neither: %s ends with 4 and says what to type', async (_, words) => {
      const before = flagsIn(suite);
      const refused = await run(['run', '--rm', ...words]);
      expect(refused).toMatchObject({ exitCode: 4, stderr: permission });
      expect(refused.stderr).toContain(`next: docker run -v ${table}:/binfmt …`);
      expect(flagsIn(suite)).toEqual(before);
    });

    test('a table that is given read-only', async () => {
      const words = ['run', '--rm', '-v', `${table}:/binfmt:ro`, 'anyarch', 'register', 's390x'];
      expect(await run(words)).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining('[ANYARCH_BINFMT_READ_ONLY]') as string,
      });
    });

    test('another user than root', async () => {
      const words = ['run', '--rm', '--user', '1000', ...given, 'anyarch', 'register', 's390x'];
      expect(await run(words)).toMatchObject({ exitCode: 4, stderr: permission });
      await expectRefused(suite, guests.s390x);
    });

    test('the table below /proc: runc does not start the container', async () => {
      const { exitCode, stderr } = await run([
        'run',
        '--rm',
        '-v',
        `${table}:${table}`,
        'anyarch',
        'register',
      ]);
      expect(stderr).toContain('cannot be mounted because it is inside /proc');
      expect(exitCode).toBeGreaterThanOrEqual(125);
    });
  });
});
