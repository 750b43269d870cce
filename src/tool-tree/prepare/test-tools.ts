import * as fs from 'node:fs';
import { recipeDirectory } from '../../core/recipe/mount.ts';
import type { Host } from '../../host/host.ts';
import { expand } from '../plan/expand.ts';
import { selfTestTools, type SelfTestResult, type TestedTool } from '../self-test/index.ts';
import { recipesOf } from '../store/index-recipes.ts';
import type { SetDocument } from '../store/set-document.ts';
import { stampsNow } from '../store/stamps.ts';
import type { Making } from './making.ts';
import type { Paired } from './pair-tools.ts';
import type { PreparedGuest } from './prepare-guest.ts';

export interface TestedPaired extends Paired {
  readonly test: SelfTestResult;
}

export interface TestOutcome {
  readonly passed: readonly TestedPaired[];
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Tests programs in a tree of their own, before anybody else sees them. What was not proven to give the same, or not proven
 * to have been executed, is left out.
 */
export async function testTools(
  host: Host,
  { options }: Pick<Making, 'options'>,
  guest: PreparedGuest,
  document: SetDocument,
  places: { readonly tree: string; readonly scratch: string },
  paired: readonly Paired[],
): Promise<TestOutcome> {
  if (paired.length === 0) return { passed: [], failed: [] };
  writeTestRecipes(places.tree, document, paired);
  fs.mkdirSync(places.scratch, { mode: 0o755 });
  const selfTest = options.parts?.selfTest ?? selfTestTools;
  const results = await selfTest(host, {
    emulated: await options.emulated(),
    guestRoot: guest.root,
    tree: places.tree,
    tools: paired.map(testedTool),
    scratch: places.scratch,
    signal: options.signal,
    onProgress: options.onTest,
  });
  const byName = new Map(results.map((result) => [result.name, result]));
  const passed: TestedPaired[] = [];
  const failed: { name: string; reason: string }[] = [];
  for (const one of paired) {
    const test = byName.get(one.planned.name);
    if (test?.outcome === 'same') passed.push({ ...one, test });
    else failed.push({ name: one.planned.name, reason: failureOf(test) });
  }
  return { passed, failed };
}

function writeTestRecipes(tree: string, document: SetDocument, paired: readonly Paired[]): void {
  const directory = `${tree}/${recipeDirectory}`;
  fs.mkdirSync(directory, { mode: 0o755 });
  const { id: set } = document;
  const recipes = recipesOf([{ madeAt: '', set, tools: paired.map((one) => one.paired) }], () =>
    stampsNow(`${tree}/${set}`, document),
  );
  for (const [name, text] of recipes) fs.writeFileSync(`${directory}/${name}`, text, { mode: 0o644 });
}

function testedTool({ planned, paired }: Paired): TestedTool {
  const { tool, name, variables } = planned;
  const selfTest = (tool.selfTest ?? []).map((line) => expand(line, variables));
  return { tool: { ...tool, name, selfTest }, guestPath: paired.guestPath, native: paired.recipe.exec };
}

function failureOf(test: SelfTestResult | undefined): string {
  const detail = test?.detail === undefined ? '' : `: ${test.detail}`;
  switch (test?.outcome) {
    case 'different':
      return `its test gives something else than the emulated program${detail}`;
    case 'emulated':
      return `its test was emulated${detail}`;
    case 'failed':
      return `its test failed${detail}`;
    case 'same':
    case 'untested':
    case undefined:
      return `it was not tested${detail}`;
  }
}
