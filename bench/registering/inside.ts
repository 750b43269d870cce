// Started by index.ts in namespaces of its own, with the order as its argument; prints the measurements.
import { tablePath } from '../binfmt-table.ts';
import type { Peer } from '../contender.ts';
import { loadLibrary } from '../library.ts';
import { measure } from '../measure.ts';
import type { MeasureOptions } from '../measure.ts';
import { plannedRules } from '../planned-rules.ts';
import { runProgram } from '../programs.ts';
import { anyarchCli } from './peers/anyarch-cli.ts';
import { anyarchLibrary } from './peers/anyarch-library.ts';
import { qemuScript } from './peers/qemu-script.ts';
import { systemdBinfmt } from './peers/systemd-binfmt.ts';
import { updateBinfmts } from './peers/update-binfmts.ts';
import type { Stage } from './stage.ts';

export type Order = MeasureOptions & Pick<Stage, 'scratch' | 'qemuScript'>;

const order = JSON.parse(process.argv[2] ?? '') as Order;
runProgram(['mount', '-t', 'binfmt_misc', 'binfmt_misc', tablePath]);
const library = await loadLibrary();
const stage: Stage = {
  ...order,
  library,
  rules: plannedRules(library, 'all'),
};
const peers: Peer[] = [
  anyarchLibrary(stage),
  anyarchCli(stage),
  qemuScript(stage),
  systemdBinfmt(stage),
  ...updateBinfmts(stage),
];
process.stdout.write(JSON.stringify(await measure(peers, order)));
