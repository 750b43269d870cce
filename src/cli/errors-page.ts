import { errorCodes, type ErrorCode } from '../core/error-code.ts';
import { errorMeanings } from '../core/error-meanings.ts';

/** The text of docs/errors.md. */
export function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(
    ([code, exitCode]) => `| \`${code}\` | ${exitCode} | ${errorMeanings[code as ErrorCode]} |`,
  );
  return `# Errors

Every failure that a user can cause or meet has a stable code, a message that names path and value, and the next step.
With \`--json\` it is one document on stdout: \`{ "schema": "anyarch/error/1", "error": { "code", "message", "hint", "details" } }\`.

Exit codes: 0 done and proven · 1 failed · 2 wrong usage · 3 partly done (each failure is reported) · 4 not possible here.
\`run\` and \`exec\` return the guest's own code, as docker does; 125 when anyarch itself failed, whatever the code below,
126 when the command cannot be executed, 127 when it is not found, 128 + n when signal n ended the guest.

| code | exit code | meaning |
| --- | --- | --- |
${rows.join('\n')}
`;
}
