// Times the decoder as the browser runs it: WebAssembly, a film of a code that stays out of the picture half of the time.
// Arguments: the decoder's JavaScript, its WebAssembly, the film.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [script, wasm, film] = process.argv.slice(2);
const { default: start, decode } = await import(`data:text/javascript,${encodeURIComponent(readFileSync(script, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(script).href)))}`);
await start({ module_or_path: readFileSync(wasm) });

const [width, height] = [640, 480];
const bytes = readFileSync(film);
const frame = width * height * 1.5 + 'FRAME\n'.length;
const first = bytes.indexOf('\n') + 1;
const pictures = [];
for (let at = first; at < bytes.length; at += frame) {
  const grey = bytes.subarray(at + 6, at + 6 + width * height);
  const rgba = new Uint8Array(width * height * 4);
  grey.forEach((value, place) => rgba.fill(value, place * 4, place * 4 + 4));
  pictures.push(rgba);
}
const times = { found: [], 'not found': [] };
for (let round = 0; round < 6; round++) {
  for (const [look, picture] of pictures.entries()) {
    const began = process.cpuUsage().user;
    const found = decode(picture, width, look);
    // The first round warms the engine up.
    if (round > 0) times[found ? 'found' : 'not found'].push((process.cpuUsage().user - began) / 1000);
  }
}
const middle = (list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)].toFixed(1);
console.log(`As WebAssembly (V8, median of one look, processor time): ${middle(times.found)} ms where a code is found, ${middle(times['not found'])} ms where there is none.`);
