// `node compress.mjs FILE…`: writes FILE.br beside each FILE, once, when building.
//
// Brotli at its strongest is too slow to run at each request and saves a third
// against gzip. The server sends FILE.br to browsers that say they can read it.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const small = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  writeFileSync(`${file}.br`, small);
  const kB = (n) => `${Math.ceil(n / 1000)} kB`;
  console.log(`  ${basename(file)}  ${kB(bytes.length)} → ${kB(small.length)} brotli`);
}
