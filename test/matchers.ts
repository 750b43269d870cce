import { expect } from 'vitest';
import { AnyarchError } from '../src/core/error.ts';
import type { ErrorCode } from '../src/core/error-code.ts';

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the declaration must repeat Vitest's own default
  interface Matchers<T = any> {
    /** The function (or promise) fails with an `AnyarchError` of this code. */
    toThrowWithCode(code: ErrorCode): T;
  }
}

expect.extend({
  toThrowWithCode(received: unknown, code: ErrorCode) {
    // `await expect(promise).rejects.toThrowWithCode(…)` hands over the reason; a function is called here.
    const reason = typeof received === 'function' ? thrownBy(received as () => unknown) : received;
    const pass = reason instanceof AnyarchError && reason.code === code;
    return {
      pass,
      message: () => `expected ${pass ? 'no ' : ''}AnyarchError with code ${code}, got ${String(reason)}`,
    };
  },
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
