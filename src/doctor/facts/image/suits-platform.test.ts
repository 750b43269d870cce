import { expect, test } from 'vitest';
import { isSamePlatform, suitsPlatform } from './suits-platform.ts';

test.each([
  ['linux/arm64', 'linux/arm64/v8', true, true],
  ['linux/arm64/v8', 'linux/arm64', true, true],
  ['linux/amd64', 'linux/arm64', false, false],
  ['linux/arm', 'linux/arm/v7', true, true],
  ['linux/arm/v7', 'linux/arm/v6', false, true],
  ['linux/arm/v6', 'linux/arm/v7', false, false],
  ['linux/arm/v7', 'linux/arm64', false, false],
  ['linux/unheard-of', 'linux/unheard-of', true, true],
  ['linux/unheard-of', 'linux/unknown', false, false],
])('compares %s that is wanted with %s: the same %s, suits %s', (wanted, offered, same, suits) => {
  expect([isSamePlatform(wanted, offered), suitsPlatform(wanted, offered)]).toEqual([same, suits]);
});
