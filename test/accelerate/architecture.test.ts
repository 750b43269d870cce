import { beforeAll, expect, it } from 'vitest';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guestRootCopy } from '../support/guest-roots/guest-root.ts';
import { preparedState } from '../support/guest-roots/prepared-state.ts';
import { bothWays, startsOf, type BothWays } from '../support/guest-roots/two-ways.ts';

/** What a processor, its C compiler or QEMU decides: each of these gives something else natively. */
const script = `
printf '1.00000000000000000000000000001\\n1\\n' | sort -sg > sort
printf 'x 1.00000000000000000000000000001\\nx 1\\n' | sort -s -rk2g > key
env printf '%.3f\\n' 1.0005 > printf
bash -c 'printf "%.3f\\n" 1.0005; echo $MACHTYPE' > bash
seq -f %.20g 0 0.1 1 > seq
mawk 'BEGIN { printf "%s %u\\n", log(-1), -1 }' > mawk
printf '\\303\\n' | sed --debug -n p > sed
head -n 2 /proc/cpuinfo > cpu
readlink /proc/self/exe > self
uname -m > machine
printf 'b\\na\\n' | sort > plain-sort
ln -s sort link
readlink link > link-text
`;

describeWith([needs.root, needs.qemu, needs.apt], 'what depends on the architecture', () => {
  let ways: BothWays;
  beforeAll(async () => {
    const root = await guestRootCopy('dev');
    ways = await bothWays({ root, state: await preparedState(root) }, script);
  }, 600_000);

  it('is the guest’s, as without acceleration', () => {
    const texts = ({ files }: BothWays['plain']) =>
      Object.fromEntries(Object.entries(files).map(([name, content]) => [name, content.toString('latin1')]));
    expect(texts(ways.accelerated)).toEqual(texts(ways.plain));
    expect(texts(ways.accelerated)).toMatchObject({
      sort: '1\n1.00000000000000000000000000001\n',
      printf: '1.000\n',
      bash: '1.000\naarch64-unknown-linux-gnu\n',
      machine: 'aarch64\n',
      self: '/usr/bin/readlink\n',
    });
  });

  it('is emulated for its arguments, and native without them', () => {
    expect(startsOf(ways.report, 'sort')).toEqual({ native: 1, reasons: ['argument'] });
    expect(startsOf(ways.report, 'readlink')).toEqual({ native: 1, reasons: ['argument'] });
    expect(startsOf(ways.report, 'head')).toEqual({ native: 0, reasons: ['argument'] });
    for (const name of ['printf', 'bash', 'seq', 'mawk', 'uname'])
      expect(startsOf(ways.report, name)).toMatchObject({ native: 0 });
  });
});
