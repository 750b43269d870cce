/** What Go writes otherwise than JavaScript (encoding/json, `HTMLEscape`), so that JSON may stand in HTML. */
const escapedByGo = /[<>&\u2028\u2029]/g;

/**
 * The bytes of `json.MarshalIndent(status, "", "  ")`: an empty list of emulators is `null`, as a slice that nothing
 * was appended to.
 */
export function statusJson(supported: readonly string[], emulators: readonly string[]): string {
  const document = { supported, emulators: emulators.length === 0 ? null : emulators };
  return JSON.stringify(document, null, 2).replace(
    escapedByGo,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
