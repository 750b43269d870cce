import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import type { SelfTestInput, SelfTestResult } from './tested.ts';
import { selfTestInputs } from './inputs.ts';
import { judge } from './judge.ts';
import { layOutInputs } from './lay-out.ts';
import { runLines, type RunOfLines } from './run-lines.ts';

/** Minutes that a run may take before it is given up. Emulated C++ on a busy machine takes a few. */
const longest = 15;

/** See `selfTestTools` in index.ts. */
export async function runSelfTest(host: Host, input: SelfTestInput): Promise<readonly SelfTestResult[]> {
  const planned = plan(input);
  const lines = planned.flatMap((one) => one.lines);
  const directory = mkdtempSync(join(input.scratch, 'self-test-'));
  try {
    const inputs = join(directory, 'inputs');
    layOutInputs(inputs, selfTestInputs());
    const deadline = AbortSignal.timeout(longest * 60_000);
    const withoutTools = join(directory, 'no-tools');
    mkdirSync(withoutTools);
    const run = (name: string, tree: string): RunOfLines => ({
      emulated: input.emulated,
      guestRoot: input.guestRoot,
      tree,
      lines,
      directory: join(directory, name),
      inputs,
      mount: join(directory, 'mount'),
      signal: input.signal === undefined ? deadline : AbortSignal.any([input.signal, deadline]),
    });
    input.onProgress?.(`${lines.length} tests of ${input.tools.length} tools, emulated`);
    const plain = await runLines(host, run('plain', withoutTools));
    input.signal?.throwIfAborted();
    input.onProgress?.(`${lines.length} tests of ${input.tools.length} tools, native`);
    const substituted = await runLines(host, run('substituted', input.tree));
    input.signal?.throwIfAborted();
    const runs = {
      plain: plain.results,
      substituted: substituted.results,
      log: substituted.log,
      complaint: [plain.complaint, substituted.complaint].filter((part) => part !== '').join('; '),
    };
    return planned.map(({ tested, lines: own, first }) =>
      own.length === 0
        ? { name: tested.tool.name, outcome: 'untested', detail: 'it has no test' }
        : judge(tested, own, first, runs),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Every tool with its lines, and where they begin among all. */
function plan({ tools }: SelfTestInput) {
  let next = 0;
  return tools.map((tested) => {
    const lines = tested.tool.selfTest ?? [];
    const first = next;
    next += lines.length;
    return { tested, lines, first };
  });
}
