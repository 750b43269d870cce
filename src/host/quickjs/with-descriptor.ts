/** Closes the descriptor behind `action`, whatever becomes of that. */
export function withDescriptor<T>(descriptor: number, action: (descriptor: number) => T): T {
  try {
    return action(descriptor);
  } finally {
    kernel.close(descriptor);
  }
}
