import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/**
 * Runs a command to its good end.
 *
 * @param {readonly string[]} command
 * @param {{ directory?: string, environment?: Record<string, string> }} [options]
 * @returns {Promise<string>} what it printed
 */
export async function run([program = '', ...words], { directory, environment = {} } = {}) {
  try {
    const { stdout } = await execute(program, words, {
      cwd: directory,
      // Messages that are the same everywhere, and no variable of the caller's that compilers look at.
      env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', ...environment },
      maxBuffer: 2 ** 26,
    });
    return stdout;
  } catch (error) {
    const { code, stderr } = /** @type {{ code?: string | number, stderr?: string }} */ (error);
    if (code === 'ENOENT')
      throw new Error(`${program} is not installed: run node scripts/setup-debian.mjs`, { cause: error });
    throw new Error(`${[program, ...words].join(' ')} failed (${code}):\n${stderr}`, { cause: error });
  }
}
