// SPDX-License-Identifier: Apache-2.0
// Writes .br and .gz beside every text file of dist, so that the server never compresses at run time.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const TEXT = /\.(js|css|html|svg|json|txt)$/;
const SMALLEST = 1024;

for (const entry of readdirSync('dist', { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (!entry.isFile() || !TEXT.test(entry.name)) continue;
  const body = readFileSync(path);
  if (body.length < SMALLEST) continue;
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } };
  writeFileSync(`${path}.br`, brotliCompressSync(body, options));
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
}
