/**
 * What a compressing thread runs. As text, because a thread needs a file of its own otherwise, which the bundled
 * command, the tests and the sources would each have elsewhere. Keep it small.
 *
 * The memory that fflate looks back with is fixed: its default is computed with floating-point logarithms, which
 * engines may round differently.
 */
export const workerProgram = `
'use strict';
const { createHash } = require('node:crypto');
const { readFileSync, writeFileSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');

const codecs = {
  none: () => (content) => content,
  gzip: () => {
    const { gzipSync } = require(workerData.fflate);
    return (content, level) => gzipSync(content, { level, mem: 8, mtime: 0 });
  },
  zstd: async () => {
    const zstd = require(workerData.zstd);
    await zstd.init();
    return (content, level) => zstd.compress(content, level);
  },
};
const loaded = {};

parentPort.on('message', async ({ input, output, compression, level }) => {
  try {
    loaded[compression] ??= codecs[compression]();
    const compress = await loaded[compression];
    const packed = compress(readFileSync(input), level);
    writeFileSync(output, packed, { flag: 'wx' });
    const digest = 'sha256:' + createHash('sha256').update(packed).digest('hex');
    parentPort.postMessage({ digest, size: packed.length });
  } catch (error) {
    parentPort.postMessage({ failure: { code: error.code, message: String(error.message) } });
  }
});
`;
