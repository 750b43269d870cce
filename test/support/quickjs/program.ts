import { concatBytes } from '../../../src/core/bytes.ts';
import { decodeUtf8 } from '../../../src/core/text.ts';
import { quickjsHost } from '../../../src/host/quickjs/quickjs-host.ts';
import { SystemError } from '../../../src/host/system-error.ts';
import { decode, encode, type Answer, type Call } from './wire.ts';

/** Linked instead of the image's own script: carries out calls of the host that a test sends. */
const host = quickjsHost();
let received: Uint8Array = new Uint8Array();
kernel.writeAll(1, '"ready"\n');
for (let line = nextLine(); line !== undefined; line = nextLine()) {
  kernel.writeAll(1, `${encode(answer(decode(line) as Call))}\n`);
}
kernel.exit(0);

function answer({ path, args }: Call): Answer {
  try {
    let subject: unknown = undefined;
    let value: unknown = host;
    for (const name of path) {
      subject = value;
      value = (value as Record<string, unknown>)[name];
    }
    return { value: typeof value === 'function' ? (value.apply(subject, args) as unknown) : value };
  } catch (error) {
    if (!(error instanceof SystemError)) return { error: { message: String(error) } };
    return { error: { errno: error.errno, call: error.call, path: error.path, message: error.message } };
  }
}

function nextLine(): string | undefined {
  for (;;) {
    const end = received.indexOf(10);
    if (end !== -1) {
      const line = decodeUtf8(received.subarray(0, end));
      received = received.slice(end + 1);
      return line;
    }
    const more = kernel.read(0, 1 << 16);
    if (more.length === 0) return undefined;
    received = concatBytes([received, more]);
  }
}
