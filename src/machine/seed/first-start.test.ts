import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { readFirstStart, writeFirstStart, type FirstStart } from './first-start.ts';

const path = '/machine/first-start.yaml';

function kept(first: FirstStart): FirstStart | undefined {
  const { files } = fakeHost();
  files.makeDirectory('/machine');
  writeFirstStart(files, path, first);
  expect(files.status(path)?.mode).toBe(0o600);
  return readFirstStart(files, path);
}

describe('what a machine is told at its first start', () => {
  it('is kept, whatever texts there are in it', () => {
    const texts = fc.array(fc.oneof(fc.string(), fc.constantFrom('on', '0644', '2026-01-02', 'null', '~')));
    const first = fc.record(
      { sshKey: fc.string(), password: fc.string(), packages: texts, runCommands: texts },
      { requiredKeys: ['packages', 'runCommands'] },
    );
    fc.assert(
      fc.property(first, (one) => {
        expect(kept(one)).toEqual(one);
      }),
    );
  });

  it('keeps of a document of the user’s what JSON would lose', () => {
    const userData = {
      expires: new Date('2026-11-23T10:00:00Z'),
      content: Buffer.from([0, 255, 10]),
      mode: '0644',
      isOn: true,
      none: null,
      deep: [{ list: ['on', 1.5] }],
    };
    const read = kept({ packages: [], runCommands: [], userData })?.userData;
    expect(read).toEqual({ ...userData, content: expect.any(Uint8Array) as Uint8Array });
    expect(Buffer.from(read?.['content'] as Uint8Array)).toEqual(userData.content);
  });

  it('is nothing where a machine has none', () => {
    expect(readFirstStart(fakeHost().files, path)).toBeUndefined();
  });

  it.each(['', '[', 'packages: [', 'packages: []', 'packages: []\nrunCommands: [1]', 'userData: []'])(
    'is refused when it is damaged: %j',
    (content) => {
      const { files } = fakeHost();
      files.addFile(path, content);
      expect(() => readFirstStart(files, path)).toThrowWithCode('ANYARCH_STATE_INVALID');
    },
  );
});
