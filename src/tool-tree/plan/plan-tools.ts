import { compareDebianVersions } from '../../core/version.ts';
import type { IndexedPackage } from '../../debian/index.ts';
import type { Tool, ToolGroup } from '../tool.ts';
import {
  bindings,
  expand,
  expandPackage,
  fixedVariables,
  versionVariables,
  type Variables,
} from './expand.ts';
import { isSameVersion } from './same-version.ts';
import type { PackageSide } from './side.ts';

/** The packages that can be had for one side, all versions of a name. */
export interface Offered {
  find(name: string): readonly IndexedPackage[];
}

export interface PlanInput {
  readonly tools: readonly Tool[];
  readonly guest: PackageSide;
  readonly host: PackageSide;
  /** Versions that the guest has; undefined: the newest. */
  readonly installed: ReadonlyMap<string, string> | undefined;
  readonly offeredToGuest: Offered;
  readonly offeredToHost: Offered;
}

/** A tool whose packages of the same version are there on both sides. */
export interface PlannedTool {
  readonly tool: Tool;
  /** The tool's, with the version behind it when the guest has several: `cc1`, `cc1-12`. */
  readonly name: string;
  readonly variables: Variables;
  readonly guest: { readonly package: IndexedPackage; readonly path: string };
  readonly host: { readonly package: IndexedPackage; readonly path: string };
}

/** A program of the guest that stays emulated. */
export interface LeftOutTool {
  readonly name: string;
  readonly group: ToolGroup;
  readonly reason: string;
  /** It is never replaced on this architecture. */
  readonly isMeant?: boolean;
}

export interface ToolPlan {
  readonly planned: readonly PlannedTool[];
  readonly leftOut: readonly LeftOutTool[];
  /** Tools whose package the guest has not. */
  readonly absent: readonly string[];
}

/** Which programs of a guest can be replaced by which packages. */
export function planTools(input: PlanInput): ToolPlan {
  const fixed = fixedVariables(input.guest, input.host);
  const planned: PlannedTool[] = [];
  const leftOut: LeftOutTool[] = [];
  const absent: string[] = [];
  const gcc = gccOf(input);
  for (const tool of input.tools) {
    if (tool.besideGcc !== undefined && tool.besideGcc !== gcc) continue;
    const found = versionsOf(tool, fixed, input);
    if (found.length === 0) absent.push(tool.name);
    for (const versions of found) {
      const name = [tool.name, ...(found.length > 1 ? Object.values(versions) : [])].join('-');
      const why = tool.notOn?.[input.guest.debian];
      const outcome = planOne(tool, { ...fixed, ...versions }, input);
      if (why !== undefined && outcome !== undefined) {
        const reason = `not for ${input.guest.debian}: ${why}`;
        leftOut.push({ name, group: tool.group, reason, isMeant: true });
        continue;
      }
      if (typeof outcome === 'string') leftOut.push({ name, group: tool.group, reason: outcome });
      else if (outcome === undefined) absent.push(name);
      else planned.push({ ...outcome, name });
    }
  }
  return { planned, leftOut, absent };
}

/** Version words of a tool's package: what is installed, else what the release has by default. */
function versionsOf(tool: Tool, fixed: Variables, { installed, offeredToGuest }: PlanInput): Variables[] {
  const words = [...tool.guest.package.matchAll(/\{([a-z]+)\}/g)]
    .map(([, name = '']) => name)
    .filter((name) => versionVariables[name] !== undefined);
  if (words.length === 0) return [tool.besideGcc === undefined ? {} : { gcc: tool.besideGcc }];
  if (installed !== undefined) return bindings(tool.guest.package, fixed, installed.keys());
  const values: Record<string, string> = {};
  for (const word of words) {
    const value = defaultVersion(word, offeredToGuest);
    if (value === undefined) return [];
    values[word] = value;
  }
  return [values];
}

function defaultVersion(word: string, offered: Offered): string | undefined {
  const metaPackage = versionVariables[word]?.metaPackage;
  const [meta] = metaPackage === undefined ? [] : newestFirst(offered.find(metaPackage));
  return versionMeantBy(word, meta);
}

/** The compiler that the guest's package `gcc` stands for; of the newest one where it is not installed. */
function gccOf(input: PlanInput): string | undefined {
  const meta = guestPackage('gcc', input);
  return typeof meta === 'object' ? versionMeantBy('gcc', meta) : defaultVersion('gcc', input.offeredToGuest);
}

function versionMeantBy(word: string, meta: IndexedPackage | undefined): string | undefined {
  const variable = versionVariables[word];
  for (const name of meta?.depends ?? []) {
    const version = variable?.depends.exec(name)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}

/** @returns why it is left out; undefined when the guest has it not */
function planOne(
  tool: Tool,
  variables: Variables,
  input: PlanInput,
): Omit<PlannedTool, 'name'> | string | undefined {
  const guestName = expandPackage(tool.guest.package, variables);
  const guest = guestPackage(guestName, input);
  if (guest === undefined || typeof guest === 'string') return guest;
  const hostFile = tool.host ?? tool.guest;
  const hostName = expandPackage(hostFile.package, variables);
  const offers = newestFirst(input.offeredToHost.find(hostName));
  const host = offers.find((one) => isSameVersion(guest, one, tool.sameVersion));
  if (host === undefined) {
    const versions = [...new Set(offers.map(({ version }) => version))];
    const there = versions.length === 0 ? 'there is no such package' : `there is only ${versions.join(', ')}`;
    return `${guestName} ${guest.version} needs ${hostName} of the same version for ${input.host.debian}: ${there}`;
  }
  return {
    tool,
    variables,
    guest: { package: guest, path: expand(tool.guest.path, variables) },
    host: { package: host, path: expand(hostFile.path, variables) },
  };
}

/** What the guest has of a package; a text when that version cannot be had any more. */
export function guestPackage(
  name: string,
  { installed, offeredToGuest }: Pick<PlanInput, 'installed' | 'offeredToGuest'>,
): IndexedPackage | string | undefined {
  const offers = newestFirst(offeredToGuest.find(name));
  if (installed === undefined) return offers[0];
  const version = installed.get(name);
  if (version === undefined) return undefined;
  const found = offers.find((one) => one.version === version);
  if (found !== undefined) return found;
  const there = offers.length === 0 ? 'not at all' : `only ${offers.map((one) => one.version).join(', ')}`;
  return `the guest has ${name} ${version}, which the archive has ${there === 'not at all' ? there : `not: ${there}`}; --snapshot names one that has`;
}

export function newestFirst(packages: readonly IndexedPackage[]): IndexedPackage[] {
  return packages.toSorted((a, b) => compareDebianVersions(b.version, a.version));
}
