/**
 * What a compressing thread runs. As text, because a thread needs a file of its own otherwise, which the bundled
 * command, the tests and the sources would each have elsewhere. Keep it small.
 *
 * fflate's bytes depend on the pieces that it gets, so all have the same size; and on how far it looks back, which it
 * would compute with floating-point logarithms, so that is fixed. In pieces it needs 15 MB, at once 60 MB.
 */
export const workerProgram = `
'use strict';
const { createHash } = require('node:crypto');
const { closeSync, openSync, readFileSync, readSync, writeSync } = require('node:fs');
const { parentPort, workerData } = require('node:worker_threads');

const pieceSize = 65536;
const codecs = {
  none: () => (file, level, write) => eachPiece(file, write),
  gzip: () => {
    const { Gzip } = require(workerData.fflate);
    return (file, level, write) => {
      const stream = new Gzip({ level, mem: 8, mtime: 0 }, write);
      eachPiece(file, (piece, isLast) => stream.push(piece, isLast));
    };
  },
  zstd: async () => {
    const zstd = require(workerData.zstd);
    await zstd.init();
    return (file, level, write) => write(zstd.compress(readFileSync(file), level));
  },
};
const loaded = {};

parentPort.on('message', async ({ input, output, compression, level }) => {
  let descriptor;
  try {
    loaded[compression] ??= codecs[compression]();
    const compress = await loaded[compression];
    descriptor = openSync(output, 'wx');
    const hash = createHash('sha256');
    let size = 0;
    compress(input, level, (packed) => {
      hash.update(packed);
      size += packed.length;
      for (let done = 0; done < packed.length; ) done += writeSync(descriptor, packed, done);
    });
    parentPort.postMessage({ digest: 'sha256:' + hash.digest('hex'), size });
  } catch (error) {
    parentPort.postMessage({ failure: { code: error.code, message: String(error.message) } });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
});

function eachPiece(file, use) {
  const descriptor = openSync(file, 'r');
  // One for all: whoever uses it copies it.
  const piece = Buffer.alloc(pieceSize);
  try {
    for (let isLast = false; !isLast; ) {
      let length = 0;
      for (let read = -1; read !== 0 && length < pieceSize; length += read)
        read = readSync(descriptor, piece, length, pieceSize - length);
      isLast = length < pieceSize;
      use(piece.subarray(0, length), isLast);
    }
  } finally {
    closeSync(descriptor);
  }
}
`;
