import { tools } from '../../../src/tool-tree/groups/index.ts';
import type { Tool } from '../../../src/tool-tree/tool.ts';

/** What tests use of `base`: each program more is emulated once more before anything is tested. */
const base = ['dash', 'sed', 'grep', 'sort', 'head', 'cat', 'readlink'];

/**
 * Tested as they are for everybody. The others only do what is tested first, next to nothing: that they are executed, and
 * the same, is shown by what the tests have them do.
 */
const whole = ['as', 'strip', 'c++filt', 'sed', 'sort', 'readlink'];

/** The tools that tests find prepared: of a guest of Debian 13, whose `gcc` is this one. */
export const preparedTools: readonly Tool[] = tools
  .filter(({ besideGcc = '14' }) => besideGcc === '14')
  .filter(({ group, name }) => group === 'c' || (group === 'base' && base.includes(name)))
  .map((tool) =>
    whole.includes(tool.name) ? tool : { ...tool, selfTest: tool.selfTest?.slice(0, 1) ?? [] },
  );
