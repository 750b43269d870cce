import type { Level } from '../../registration/index.ts';
import type { CheckResult } from '../diagnosis.ts';
import type { PageContent } from '../html/page.ts';
import { readMessage } from '../message/read-message.ts';
import type { Fault, Verdict } from '../verdict.ts';

/** What somebody may have called a file or an image. */
export const hostileText =
  '<script>globalThis.attacked = 3</script><img src=x onerror="globalThis.attacked = 4">\'"&amp;</style></article>';

/** As long as names may be, without a place to break it. */
const longWord = `/${'very-long-name'.repeat(30)}`;

const fault: Fault = {
  status: 'fault',
  severity: 'error',
  certainty: 'proven',
  summary: `nothing runs ${hostileText}`,
  evidence: [hostileText, longWord],
  remedies: [
    { does: 'register it', command: ['anyarch', 'register', hostileText], by: 'anyarch', needsRoot: true },
    { does: `do without ${hostileText}`, by: 'user' },
  ],
  references: ['https://docs.kernel.org/admin-guide/binfmt-misc.html', `javascript:${hostileText}`],
};

const level: Level = {
  path: longWord,
  content: {
    kind: 'elf',
    architecture: 's390x',
    class: 64,
    endianness: 'big',
    machine: 22,
    linkage: 'static',
    loader: undefined,
    isNative: false,
  },
  entries: [
    {
      name: hostileText,
      owner: { kind: 'unknown', evidence: hostileText },
      interpreter: longWord,
      result: 'differs',
      reason: 'a byte differs',
      bytes: Array.from({ length: 40 }, (_, position) => ({
        position,
        found: position,
        mask: position % 8 === 7 ? 0 : 0xff,
        expected: position === 18 ? 0xb7 : position,
        equal: position !== 18,
      })),
    },
  ],
  takenBy: 'nobody',
  winner: undefined,
};

/** A page with one of everything, full of hostile texts. */
export function samplePage(): PageContent {
  const checks = [
    resultOf('entry-missing', fault),
    resultOf('kernel-old', { ...fault, severity: 'note', certainty: 'possible' }),
    resultOf('flags-wrong', { ...fault, severity: 'warning', certainty: 'likely' }),
    resultOf('binfmt-not-mounted', { status: 'ok', evidence: [hostileText] }, 'Is binfmt_misc mounted?'),
    resultOf('engine-elsewhere', { status: 'skipped', reason: hostileText }),
    resultOf('denials', { status: 'unknown', reason: `${longWord} cannot be read` }),
  ];
  return {
    diagnosis: {
      asked: {
        scope: 'docker',
        image: hostileText,
        file: longWord,
        root: hostileText,
        message: readMessage(`exec ${longWord}: exec format error\n${hostileText}`),
      },
      causes: ['entry-missing', 'flags-wrong', 'kernel-old'],
      explaining: ['entry-missing'],
      suspected: ['entry-missing'],
      checks,
      outcome: 'errors',
    },
    fixes: [
      {
        id: 'entry-missing',
        does: hostileText,
        command: ['anyarch', 'register', 's390x'],
        status: 'applied',
      },
      { id: 'flags-wrong', does: 'y', command: ['anyarch', longWord], status: 'failed', output: hostileText },
      { id: 'kernel-old', does: 'z', command: ['anyarch', 'x'], status: 'needs-root' },
    ],
    architectures: [
      { name: 'amd64', platform: 'linux/amd64', state: 'native', detail: 'the processor' },
      { name: 'arm64', platform: 'linux/arm64', state: 'emulated', detail: longWord },
      { name: 'hexagon', platform: undefined, state: 'untested', detail: 'no probe' },
      { name: 's390x', platform: 'linux/s390x', state: 'fails', detail: hostileText },
    ],
    explanation: {
      path: longWord,
      table: { path: '/proc/sys/fs/binfmt_misc', state: 'mounted', enabled: true },
      levels: [level],
      verdict: {
        outcome: 'fails',
        errno: 'ENOEXEC',
        reason: hostileText,
        runs: undefined,
        messages: [],
        remedy: undefined,
      },
    },
    isRoot: false,
    machine: `Linux 6.18, ${hostileText}`,
    at: '2026-11-22T06:00:00.000Z',
    version: '0.1.0',
  };
}

function resultOf(
  id: string,
  verdict: Verdict,
  question = `Is ${hostileText} as it should be?`,
): CheckResult {
  return {
    id,
    question,
    explanation: 'Emulators are registered by writing to a file of the file system binfmt_misc.',
    severity: verdict.status === 'fault' ? verdict.severity : undefined,
    verdict,
    durationMs: 1.4,
  };
}
