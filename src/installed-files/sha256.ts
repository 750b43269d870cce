/** Lower-case hexadecimal. */
export function sha256(data: Uint8Array): string {
  // Not imported: whoever bundles this for another engine than Node does not call it.
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(data).digest('hex');
}
