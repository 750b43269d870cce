import { expect, it } from 'vitest';
import { openTerminal } from './terminal.ts';

it.each([
  [{ columns: 80 }, { columns: 120 }, 80],
  [{}, { columns: 120 }, 120],
  // As script(1) and containers' terminals begin.
  [{ columns: 0 }, { columns: 0 }, 100],
  [{}, {}, 100],
])('has room for %j and %j: %i columns', (stdout, stderr, columns) => {
  expect(openTerminal(stdout, stderr, {}).columns).toBe(columns);
});

it('shows progress only where a person watches', () => {
  expect(openTerminal({}, { isTTY: true }, {}).interactive).toBe(true);
  expect(openTerminal({ isTTY: true }, {}, {}).interactive).toBe(false);
  expect(openTerminal({}, { isTTY: true }, { TERM: 'dumb' }).interactive).toBe(false);
});
