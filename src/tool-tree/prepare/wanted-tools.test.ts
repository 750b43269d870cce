import { expect, test } from 'vitest';
import { toolGroups, type ToolGroup } from '../tool.ts';
import type { PrepareOptions } from './options.ts';
import { wantedTools } from './wanted-tools.ts';

function groupsOf(
  groups: readonly ToolGroup[] | undefined,
  installed?: ReadonlyMap<string, string>,
): Set<string> {
  const guest = { suite: 'trixie', installed } as unknown as PrepareOptions['guest'];
  return new Set(wantedTools({ groups, guest }).map(({ group }) => group));
}

test('takes Clang of a suite only where it is named, and what a guest has', () => {
  expect([...toolGroups].filter((group) => !groupsOf(undefined).has(group))).toEqual(['clang']);
  expect([...groupsOf(['clang'])]).toEqual(['clang']);
  expect(groupsOf(undefined, new Map([['clang-19', '1']]))).toEqual(new Set(toolGroups));
  expect([...groupsOf(['c', 'go'], new Map())].toSorted()).toEqual(['c', 'go']);
});
