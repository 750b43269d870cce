import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compare } from './compare.ts';
import { messageOf } from './message.ts';
import { parseOptions, usage } from './options.ts';
import { accelerationPlots } from './plot/acceleration-plots.ts';
import { imagePlots } from './plot/image-plots.ts';
import { prepareHome } from './prepare.ts';
import { hasFailed, reportDocument, reportText } from './report.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  let options;
  try {
    options = parseOptions(words);
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${usage}`);
    return 2;
  }
  if (options === 'help') {
    console.log(usage);
    return 0;
  }
  if (process.getuid?.() !== 0) {
    console.error(
      'the comparison needs root: podman is compared as root, and the host table gets an entry meanwhile',
    );
    return 2;
  }
  try {
    prepareHome();
  } catch (error) {
    console.error(`anyarch could not be prepared: ${messageOf(error)}`);
    return 1;
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
  const report = await compare(options);
  console.log(reportText(report));
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(reportDocument(report), null, 2)}\n`);
  if (options.plots !== undefined) {
    mkdirSync(options.plots, { recursive: true });
    for (const [name, svg] of [...imagePlots(report), ...accelerationPlots(report)])
      writeFileSync(join(options.plots, name), svg);
  }
  return hasFailed(report) ? 1 : 0;
}
