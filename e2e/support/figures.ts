// Figures of speed that only a browser can take. They gather in the file of the whole run; `make bench` prints them as one table.

import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';

const ROWS = process.env.KOPILKA_BENCH_ROWS ?? path.join(__dirname, '../../target/bench/rows.jsonl');

/** A figure, in the unit that its name or `unit` tells. */
export interface Figure {
  name: string;
  measured: number;
  /** What the least of it takes in the same run. */
  floor: number;
  /** The most that is wanted. */
  wanted?: number;
  /** Milliseconds where none is named. */
  unit?: 'ms' | '×';
  /** What was tried and what limits it, told where it falls short. */
  limit?: string;
  /** Unit of the floor, where that is another one. */
  floorUnit?: 'ms' | '×';
}

const told = (value: number, unit: 'ms' | '×') => `${unit === '×' ? value.toFixed(2) : value.toFixed(0)} ${unit}`;

/** Prints a figure and adds it to those of the run. */
export function tell({ name, measured, floor, wanted, unit = 'ms', limit = '', floorUnit = unit }: Figure) {
  const holds = wanted === undefined ? null : measured <= wanted;
  const row = {
    figure: name,
    floor: told(floor, floorUnit),
    measured: told(measured, unit),
    wanted: wanted === undefined ? '-' : `≤ ${told(wanted, unit)}`,
    holds,
    limit: holds === false ? limit : '',
  };
  console.log([row.figure, row.floor, row.measured, row.wanted, { true: 'holds', false: 'falls short', null: '-' }[String(holds)]].join('  '));
  mkdirSync(path.dirname(ROWS), { recursive: true });
  appendFileSync(ROWS, `${JSON.stringify(row)}\n`);
}

/** The middle one of measured values. */
export const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
