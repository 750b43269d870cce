import * as fs from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import type { IndexedPackage } from '../../debian/index.ts';
import type { Host } from '../../host/host.ts';
import { toolTreeDirectory } from '../places.ts';
import { guestPackage, newestFirst, type LeftOutTool, type PlanInput } from '../plan/plan-tools.ts';
import { isSameVersion } from '../plan/same-version.ts';
import { readSetDocument, sizeOfSet, type SetDocument } from '../store/set-document.ts';
import { damageOf } from '../store/check-set.ts';
import { settleTree } from '../store/settle.ts';
import { installSet } from './install-set.ts';
import type { Making, SetPlan } from './making.ts';
import { nativePrograms } from './native-programs.ts';
import { pairTools } from './pair-tools.ts';
import type { PreparedGuest } from './prepare-guest.ts';
import type { PreparedSet } from './report.ts';
import { plannedTool } from './report-tool.ts';
import { setIdentity } from './set-identity.ts';
import { writeSet } from './write-programs.ts';
import { testTools } from './test-tools.ts';

export interface MadeSet {
  readonly set: PreparedSet;
  /** The pairing's key, where anything is served. */
  readonly pairing: string | undefined;
  /** Whether the same request would end the same: a test that failed may not fail again. */
  readonly isFinal: boolean;
}

/** Makes a set, or finds the same; pairs it with the guest, tests it, installs it. */
export async function makeSetOf(
  host: Host,
  making: Making,
  guest: PreparedGuest,
  work: string,
  plan: SetPlan,
): Promise<MadeSet> {
  const { options, offers, sides, input } = making;
  const { state, signal, onProgress } = options;
  const place = `${work}/${plan.group}-${plan.guestArchitecture}`;
  const [hostRoot, tree] = [`${place}/host`, `${place}/tree`];
  for (const directory of [place, hostRoot, tree]) fs.mkdirSync(directory, { mode: 0o755 });
  const choose = (name: string) => hostPackage(name, input);
  const native = await nativePrograms(plan.planned, {
    side: sides.host,
    offers,
    directory: hostRoot,
    choose,
    signal,
    onProgress,
  });
  const leftOut: LeftOutTool[] = [...native.leftOut];
  const leave = (name: string, reason: string) => leftOut.push({ name, group: plan.group, reason });
  if (native.programs.length === 0) return nothing(plan, leftOut);

  const identity = setIdentity(host, making, plan, native.programs);
  let document = intact(host, state, identity);
  const isNew = document === undefined;
  document ??= await writeSet(host, making, {
    plan,
    programs: native.programs,
    guest,
    identity,
    directory: `${tree}/${identity.id}`,
  });
  if (!isNew) copyTree(`${toolTreeDirectory(state)}/${identity.id}`, `${tree}/${identity.id}`);
  for (const { name, reason } of document.notAdapted) leave(name, reason);

  const paired = await pairTools(making, guest, native.programs, document, leave);
  const tested = await testTools(
    host,
    making,
    guest,
    document,
    { tree, scratch: `${place}/scratch` },
    paired,
  );
  for (const { name, reason } of tested.failed) leave(name, reason);
  const isFinal = tested.failed.length === 0;
  // A smaller set serves as well: nothing is kept for nobody.
  if (tested.passed.length === 0) return { ...nothing(plan, leftOut), isFinal };
  const pairing = installSet(
    host,
    making,
    plan,
    guest,
    document,
    isNew ? `${tree}/${identity.id}` : undefined,
    tested.passed,
  );
  fs.rmSync(place, { recursive: true, force: true });
  return {
    set: {
      group: plan.group,
      set: document.id,
      guestArchitecture: plan.guestArchitecture,
      outcome: isNew ? 'made' : 'reused',
      bytes: sizeOfSet(document),
      tools: tested.passed.map(({ planned, test }) => plannedTool(planned, test)),
      leftOut,
    },
    pairing,
    isFinal,
  };
}

function nothing({ group, guestArchitecture }: SetPlan, leftOut: readonly LeftOutTool[]): MadeSet {
  const set = {
    group,
    set: undefined,
    guestArchitecture,
    outcome: 'nothing',
    bytes: 0,
    tools: [],
    leftOut,
  } as const;
  return { set, pairing: undefined, isFinal: true };
}

/** Of the same source as the guest's of that name: libraries decide about outputs, too. */
function hostPackage(name: string, input: PlanInput): IndexedPackage | string {
  const offers = newestFirst(input.offeredToHost.find(name));
  const [newest] = offers;
  if (newest === undefined) return `there is no ${name} for ${input.host.debian}`;
  const guest = guestPackage(name, input);
  if (guest === undefined) return newest;
  if (typeof guest === 'string') return guest;
  const versions = offers.map(({ version }) => version).join(', ');
  return (
    offers.find((one) => isSameVersion(guest, one)) ??
    offers.find((one) => isSameVersion(guest, one, 'cross')) ??
    `${name} ${guest.version} of the guest is for ${input.host.debian} only ${versions}`
  );
}

/** The set that is there already; a damaged one goes, together with its recipes, and is made again. */
function intact(
  host: Host,
  state: string,
  { id, inputs }: { readonly id: string; readonly inputs: string },
): SetDocument | undefined {
  const directory = `${toolTreeDirectory(state)}/${id}`;
  const document = readSetDocument(host.files, directory);
  if (document?.inputs === inputs && damageOf(host, directory, document).length === 0) return document;
  if (host.files.linkStatus(directory) === undefined) return undefined;
  if (document !== undefined && document.inputs !== inputs)
    throw new AnyarchError('ANYARCH_STATE_INVALID', `the set ${id} is another one of the same name`, {
      hint: `anyarch accelerate remove ${id}`,
      details: { path: directory },
    });
  host.log.warn(`the set ${id} is damaged; it is made again`);
  // Without its document it counts for nothing.
  host.files.remove(`${directory}/set.json`);
  settleTree(host, state);
  return undefined;
}

/** Not links: making and removing one changes what tells that a file is as it was verified, and containers would emulate meanwhile. */
function copyTree(from: string, to: string): void {
  fs.mkdirSync(to, { mode: 0o755 });
  for (const entry of fs.readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) copyTree(`${from}/${entry.name}`, `${to}/${entry.name}`);
    else fs.copyFileSync(`${from}/${entry.name}`, `${to}/${entry.name}`, fs.constants.COPYFILE_FICLONE);
  }
}
