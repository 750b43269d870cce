import { describe, expect, it } from 'vitest';
import { imageFiles } from './configuration.ts';

describe("the image's files", () => {
  it.each([true, false])(
    'let the init wait for what emulation makes slow, with a loader: %s',
    (hasLoader) => {
      const files = imageFiles({ hasLoader, console: 'ttyAMA0' });
      const manager = files.find(({ path }) => path === 'etc/systemd/system.conf.d/anyarch.conf');
      const text = manager !== undefined && 'text' in manager ? manager.text : '';
      expect(text).toMatch(/^\[Manager\]\n/);
      for (const setting of ['DefaultTimeoutStartSec', 'DefaultDeviceTimeoutSec'])
        expect(Number(new RegExp(`^${setting}=(\\d+)min$`, 'm').exec(text)?.[1])).toBeGreaterThan(10);
    },
  );

  it('name the loader only where there is one', () => {
    const paths = (hasLoader: boolean) =>
      imageFiles({ hasLoader, console: 'ttyAMA0' }).map(({ path }) => path);
    expect(paths(true)).toContain('boot/grub/grub.cfg');
    expect(paths(false)).not.toContain('boot/grub/grub.cfg');
  });
});
