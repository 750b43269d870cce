/** What is needed of a connection to QEMU. */
export interface Monitor {
  /** @throws AnyarchError where QEMU refuses the command, or does not answer */
  execute(
    command: string,
    words?: Readonly<Record<string, unknown>>,
    options?: { readonly timeoutMs?: number },
  ): Promise<unknown>;
}
