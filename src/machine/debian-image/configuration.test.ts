import { describe, expect, it } from 'vitest';
import { findDefinition } from '../definition/table.ts';
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

const textOf = (files: ReturnType<typeof imageFiles>, end: string): string | undefined => {
  const found = files.find(({ path }) => path.endsWith(end));
  return found !== undefined && 'text' in found ? found.text : undefined;
};

it("loads a board's own drivers before those of all machines, what hangs on USB before its host", () => {
  const { console, kernel } = findDefinition('raspi3b');
  const files = imageFiles({ hasLoader: false, console, drivers: kernel.drivers });
  const modules = textOf(files, 'modules.d/anyarch')?.split('\n') ?? [];
  const places = ['cdc_ether', 'usb_storage', 'dwc2', 'bcm2835', 'ext4'].map((name) => modules.indexOf(name));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places).not.toContain(-1);
});

it('waits for a seed behind USB, and for none elsewhere', () => {
  const seed = 'dev-disk-by\\x2dlabel-cidata.device';
  const board = imageFiles({ hasLoader: false, console: 'ttyS1', drivers: ['dwc2'] });
  expect(textOf(board, 'cloud-init-local.service.d/anyarch.conf')?.split('\n')).toContain(`After=${seed}`);
  expect(textOf(board, `${seed}.d/anyarch.conf`)).toContain('JobRunningTimeoutSec=');
  const usual = imageFiles({ hasLoader: true, console: 'ttyAMA0' });
  expect(usual.map(({ path }) => path).join(' ')).not.toContain('cidata');
});
