/** Whether only this machine can be meant: `localhost` and what is below it (RFC 6761), 127.0.0.0/8, `[::1]`. */
export function isLoopback(hostname: string): boolean {
  return /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\]|::1)$/i.test(hostname);
}

/** The host of `host:port`, `[::1]:5000`. */
export function hostnameOf(registry: string): string {
  return registry.replace(/:\d+$/, '');
}
