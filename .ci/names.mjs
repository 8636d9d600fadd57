// Prints how long names are and how doc comments begin, in the Rust sources without tests. A report, not a gate: `make names`.
import { execSync } from "node:child_process";
import { readFileSync } from "node:fs";

const RELATIVE =
  /^(what|whether|who|whom|whose|which|where|when|how|of|by|as|from|for|in|on|at|with|if|to)\b/i;

const files = execSync("git ls-files '*.rs'", { encoding: "utf8" })
  .trim()
  .split("\n")
  .filter((file) => !/(^|\/)(tests|benches)(\/|\.rs$)|_tests\.rs$|^\.ci\/|^server\/testing\//.test(file));

const types = new Map();
const functions = [];
const openings = [];

for (const file of files) {
  let inTests = false;
  let inComment = false;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    // A module of tests at the end of a file: what follows is not counted.
    if (/^#\[cfg\(test\)\]/.test(line)) inTests = true;
    else if (inTests && /^mod \w+;/.test(line)) inTests = false;
    else if (inTests && !/^mod \w+ \{|^\s|^\}|^$|^#/.test(line)) inTests = false;
    if (inTests) continue;
    const type = line.match(/^\s*(?:pub(?:\([^)]*\))? )?(?:struct|enum|trait|type) (\w+)/);
    // Associated types belong to their trait.
    if (type && !/^\s+type /.test(line)) types.set(type[1], (types.get(type[1]) ?? []).concat(file));
    const name = line.match(/^\s*(?:pub(?:\([^)]*\))? )?(?:const )?(?:async )?(?:unsafe )?fn (\w+)/);
    if (name) functions.push(name[1]);
    const comment = line.match(/^\s*\/\/\/ ?(.*)$/);
    if (comment && !inComment && comment[1].trim()) openings.push([file, comment[1].trim()]);
    inComment = Boolean(comment);
  }
}

const mean = (lengths) => lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
const declared = [...types.values()].flat().length;
const short = functions.filter((name) => name.length <= 5).length;
const repeated = [...types].filter(([, places]) => places.length > 1);
const relative = openings.filter(([, text]) => RELATIVE.test(text));
const row = (name, seen, wanted) => console.log(name.padEnd(52), String(seen).padStart(14), String(wanted).padStart(8));
const share = (part, whole) => `${((100 * part) / whole).toFixed(1)} % (${part})`;

row("in the sources without tests", "seen", "wanted");
row("mean length of a type's name", mean([...types.keys()].map((name) => name.length)).toFixed(1), ">= 11");
row("mean length of a function's name", mean(functions.map((name) => name.length)).toFixed(1), "-");
row("functions of five letters or fewer", share(short, functions.length), "<= 25 %");
row(`type names with more than one meaning (of ${declared})`, repeated.length, "0");
row("doc comments that open with a relative clause", share(relative.length, openings.length), "<= 5 %");

if (process.argv.includes("--list")) {
  for (const [name, places] of repeated) console.log(`type ${name}: ${places.join(", ")}`);
  for (const [file, text] of relative) console.log(`${file}: ${text}`);
}
