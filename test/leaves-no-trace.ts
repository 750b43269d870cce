import { deepStrictEqual } from 'node:assert/strict';
import { afterAll } from 'vitest';

// Files share a process, one after the other: what one of them changes there, the next ones would find.
const before = surroundings();

afterAll(() => {
  deepStrictEqual(surroundings(), before, 'a test file leaves its process as it was');
});

function surroundings(): Readonly<Record<string, unknown>> {
  const { fetch, setTimeout, setInterval, Date } = globalThis;
  return {
    directory: process.cwd(),
    environment: { ...process.env },
    exitCode: process.exitCode,
    listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
    globals: Object.keys(globalThis),
    replaceable: { fetch, setTimeout, setInterval, Date },
  };
}
