import { describe, expect, it } from 'vitest';
import { isTaken } from './extended.ts';
import { createMeter, limitsFrom } from './limits.ts';

const gibibyte = 1024 ** 3;

describe('limits', () => {
  it('stop what unpacks to far more than its size, once it is large', () => {
    const meter = createMeter(limitsFrom({}));
    meter.bytes(1000, gibibyte);
    meter.bytes(gibibyte, 100 * gibibyte);
    expect(() => {
      meter.bytes(1_000_000, gibibyte + 1);
    }).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
  });

  it('count bytes over all layers', () => {
    const meter = createMeter(limitsFrom({ ANYARCH_IMAGE_MAX_BYTES: '100' }));
    meter.bytes(60, 60);
    meter.layerDone();
    meter.bytes(40, 40);
    expect(() => {
      meter.bytes(41, 41);
    }).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
  });

  it('stop many layers that are small each, but not when others make up for one', () => {
    const bomb = createMeter(limitsFrom({}));
    bomb.bytes(1_000_000, gibibyte - 1);
    bomb.layerDone();
    expect(() => {
      bomb.bytes(1_000_000, gibibyte - 1);
    }).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
    const honest = createMeter(limitsFrom({}));
    honest.bytes(100_000_000, gibibyte);
    honest.layerDone();
    honest.bytes(1_000_000, gibibyte - 1);
  });

  it('are numbers', () => {
    expect(() => limitsFrom({ ANYARCH_IMAGE_MAX_RATIO: 'many' })).toThrowWithCode('ANYARCH_USAGE');
  });
});

describe('extended attributes', () => {
  it.each([
    ['user.note', true],
    ['security.capability', true],
    ['security.selinux', false],
    ['trusted.overlay.opaque', false],
    ['user.overlay.whiteout', false],
    ['user.fuseoverlayfs.override_stat', false],
    ['user.containers.override_stat', false],
    ['system.posix_acl_access', false],
  ])('%s: %s', (name, taken) => {
    expect(isTaken(name)).toBe(taken);
  });
});
