// Pictures that a repository can hold: half size, 216 colours; and how far a page is from the one that was blessed.
import { crc32, deflateSync } from "node:zlib";
import { PNG } from "pngjs";

/** Steps of a colour channel. */
const LEVELS = 6;
const STEP = 255 / (LEVELS - 1);

/** A channel that is further off than this is another colour; keeping a picture moves it by half a step at most. */
const OFF = 40;

/** Side of the tiles that are looked at one by one: a small part that is wholly wrong must not vanish in a long page. */
const TILE = 64;

/** A screenshot at half size: `{ width, height, rgb }`, three bytes a pixel. */
export function halved(screenshot) {
  const { width: fullWidth, height: fullHeight, data } = PNG.sync.read(screenshot);
  const [width, height] = [fullWidth >> 1, fullHeight >> 1];
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const at = (2 * y * fullWidth + 2 * x) * 4 + channel;
        rgb[(y * width + x) * 3 + channel] = (data[at] + data[at + 4] + data[at + 4 * fullWidth] + data[at + 4 * fullWidth + 4] + 2) >> 2;
      }
    }
  }
  return { width, height, rgb };
}

/** The picture as it is kept: a PNG with a palette. */
export function kept({ width, height, rgb }) {
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const level = (channel) => Math.round(rgb[at + channel] / STEP);
      rows[y * (width + 1) + 1 + x] = (level(0) * LEVELS + level(1)) * LEVELS + level(2);
    }
  }
  const palette = Buffer.alloc(LEVELS ** 3 * 3);
  for (let at = 0; at < LEVELS ** 3; at++) {
    palette.set([Math.floor(at / LEVELS ** 2), Math.floor(at / LEVELS) % LEVELS, at % LEVELS].map((level) => Math.round(level * STEP)), at * 3);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const chunk = (kind, body) => {
    const named = Buffer.concat([Buffer.from(kind), body]);
    const out = Buffer.alloc(body.length + 12);
    out.writeUInt32BE(body.length, 0);
    out.set(named, 4);
    out.writeUInt32BE(crc32(named), body.length + 8);
    return out;
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("PLTE", palette), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))]);
}

/** How far a picture is from a kept one: the part of all pixels that differ, and of those in the worst tile; 1 if the sizes differ. */
export function apart(picture, png) {
  const { width, height, data } = PNG.sync.read(png);
  if (width !== picture.width || height !== picture.height) return { all: 1, tile: 1, differs: () => true, sizes: `${width} × ${height} became ${picture.width} × ${picture.height}` };
  const { rgb } = picture;
  const differs = (x, y) => {
    const [now, then] = [(y * width + x) * 3, (y * width + x) * 4];
    // Written out: it is asked of every pixel of every picture.
    return Math.abs(rgb[now] - data[then]) > OFF || Math.abs(rgb[now + 1] - data[then + 1]) > OFF || Math.abs(rgb[now + 2] - data[then + 2]) > OFF;
  };
  let [count, worst] = [0, 0];
  for (let top = 0; top < height; top += TILE) {
    for (let left = 0; left < width; left += TILE) {
      let here = 0;
      for (let y = top; y < Math.min(top + TILE, height); y++) {
        for (let x = left; x < Math.min(left + TILE, width); x++) here += differs(x, y);
      }
      count += here;
      worst = Math.max(worst, here / TILE ** 2);
    }
  }
  return { all: count / (width * height), tile: worst, differs };
}

/** Before, after, and what differs, side by side. */
export function sideBySide(before, after, differs) {
  const old = PNG.sync.read(before);
  const [width, height] = [Math.max(old.width, after.width), Math.max(old.height, after.height)];
  const sheet = new PNG({ width: 3 * width + 40, height });
  sheet.data.fill(128);
  const put = (x, y, [r, g, b]) => sheet.data.set([r, g, b, 255], (y * sheet.width + x) * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * old.width + x;
      if (x < old.width && y < old.height) put(x, y, old.data.subarray(at * 4, at * 4 + 3));
      if (x >= after.width || y >= after.height) continue;
      const here = (y * after.width + x) * 3;
      const now = after.rgb.subarray(here, here + 3);
      put(width + 20 + x, y, now);
      put(2 * width + 40 + x, y, differs(x, y) ? [220, 0, 60] : [...now].map((channel) => 192 + (channel >> 2)));
    }
  }
  return PNG.sync.write(sheet);
}
