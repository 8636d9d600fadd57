// Pictures of a code, looked at pixel by pixel: how many device pixels a module has, and what stands around it.

import { expect, type Locator, type Page } from '@playwright/test';
import { PNG } from 'pngjs';

/** CSS pixels of whatever the page is, around the tile: what a camera would see too. */
const AROUND = 24;

/** A picture of an element with some of the page around it, as far as the window shows it. */
export async function pictureOf(page: Page, element: Locator): Promise<Buffer> {
  const box = (await element.boundingBox())!;
  const window = page.viewportSize()!;
  const x = Math.max(0, box.x - AROUND);
  const y = Math.max(0, box.y - AROUND);
  const width = Math.min(window.width, box.x + box.width + AROUND) - x;
  const height = Math.min(window.height, box.y + box.height + AROUND) - y;
  return page.screenshot({ clip: { x, y, width, height }, scale: 'device', animations: 'disabled' });
}

/** Where the drawing of a code stands, in device pixels, and how many of them a module has. */
export interface Grid {
  left: number;
  top: number;
  width: number;
  height: number;
  module: number;
}

/** The grid of a drawing that is `modules` wide, its quiet zone included. */
export async function gridOf(drawing: Locator, modules: number): Promise<Grid> {
  return drawing.evaluate((svg, modules) => {
    const box = svg.getBoundingClientRect();
    const ratio = window.devicePixelRatio;
    return {
      left: box.left * ratio,
      top: box.top * ratio,
      width: box.width * ratio,
      height: box.height * ratio,
      module: (box.width * ratio) / modules,
    };
  }, modules);
}

/** Fails unless this is a whole number, but for the rounding of the browser's own arithmetic. */
export function expectWhole(value: number, what: string) {
  expect(Math.abs(value - Math.round(value)), `${what}: ${value}`).toBeLessThan(0.02);
}

/** A picture of the whole window, to be asked for the colour of a device pixel. */
export class Picture {
  private constructor(private readonly png: PNG) {}

  static async of(page: Page): Promise<Picture> {
    return new Picture(PNG.sync.read(await page.screenshot({ scale: 'device', animations: 'disabled' })));
  }

  /** Red, green and blue of a device pixel. */
  private at(x: number, y: number): readonly [number, number, number] {
    const start = (y * this.png.width + x) * 4;
    return [this.png.data[start]!, this.png.data[start + 1]!, this.png.data[start + 2]!];
  }

  private count(left: number, top: number, width: number, height: number) {
    const seen = { white: 0, black: 0, other: 0 };
    for (let y = Math.max(0, top); y < Math.min(this.png.height, top + height); y += 1) {
      for (let x = Math.max(0, left); x < Math.min(this.png.width, left + width); x += 1) {
        const [r, g, b] = this.at(x, y);
        if (r === 255 && g === 255 && b === 255) seen.white += 1;
        else if (r === 0 && g === 0 && b === 0) seen.black += 1;
        else seen.other += 1;
      }
    }
    return seen;
  }

  /** Fails unless a frame of so many modules inside the grid is white, and what is inside it is black and white only. */
  expectQuiet(grid: Grid, quiet: { left: number; right: number; top: number; bottom: number }) {
    const [left, top] = [Math.round(grid.left), Math.round(grid.top)];
    const [width, height] = [Math.round(grid.width), Math.round(grid.height)];
    const wide = (modules: number) => Math.round(modules * grid.module);
    const zones = {
      left: this.count(left, top, wide(quiet.left), height),
      right: this.count(left + width - wide(quiet.right), top, wide(quiet.right), height),
      top: this.count(left, top, width, wide(quiet.top)),
      bottom: this.count(left, top + height - wide(quiet.bottom), width, wide(quiet.bottom)),
    };
    for (const [side, seen] of Object.entries(zones)) {
      expect(seen.black + seen.other, `not white in the quiet zone on the ${side}`).toBe(0);
    }
    const inside = this.count(
      left + wide(quiet.left),
      top + wide(quiet.top),
      width - wide(quiet.left) - wide(quiet.right),
      height - wide(quiet.top) - wide(quiet.bottom),
    );
    expect(inside.other, 'pixels that are neither black nor white').toBe(0);
    expect(inside.black, 'black pixels').toBeGreaterThan(0);
  }
}
