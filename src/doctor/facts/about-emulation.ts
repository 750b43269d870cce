import type { Denial } from '../denials/parse-denials.ts';
import type { Examination } from '../examination.ts';

/** Whether it was refused to an emulator, or an emulator to somebody. */
export function isAboutEmulation({ fields }: Denial, { message }: Examination): boolean {
  const named = ['path', 'name', 'exe', 'execpath', 'comm'].flatMap((key) => fields.get(key) ?? []);
  return named.some(
    (text) =>
      /(?:^|\/)qemu-[a-z0-9_]+(?:-static)?$/.test(text) ||
      text.includes('/anyarch/') ||
      text.includes('binfmt_misc') ||
      (message?.program !== undefined && text === message.program),
  );
}
