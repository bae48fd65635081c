// Drawing by hand and by uPlot what `crates/bench/src/web.rs` draws by the program: the same curves, axes, widths and sizes.
import uPlot from "./uPlot.mjs";

/** Size of a picture in CSS pixels, at two device pixels each. */
export const [WIDTH, HEIGHT, SCALE] = [720, 400, 2];

const COUNT = 1000;
const [PAPER, INK, MUTED, HAIRLINE] = ["#faf8f3", "#1d1c1a", "#68645c", "#dcd6c9"];
const FONT = `12px system-ui, sans-serif`;
/** Colour, width in device pixels and dashes in CSS pixels of the five roles, as the program draws them. */
const ROLES = [[INK, 3, []], ["#b6331e", 5, []], ["#0c4056", 4, [7, 3.5]], ["#5e52d3", 4, [2, 3]], ["#524239", 4, [12, 4]]];

const height = (line, x, moment) => {
  const k = line + 1;
  return Math.sin(2 * Math.PI * k * x + moment) * (0.4 + 0.1 * k) + 0.1 * Math.sin(40 * x + k * moment);
};

/** The heights of all lines at each of the moments that are drawn, computed before anything is timed. */
const MOMENTS = Array.from({ length: 40 }, (_, at) => ROLES.map((_, line) => Float64Array.from({ length: COUNT }, (_, i) => height(line, i / (COUNT - 1), at * 0.07))));

const side = (at) => 6 * (at / 255) - 3;

/** The values of the field at each of the moments, computed before, too. */
const FIELDS = MOMENTS.map((_, moment) => Float32Array.from({ length: 256 * 256 }, (_, at) => Math.sin(side(at % 256) + moment * 0.07) * Math.cos(side(at >> 8))));

/** Axes as the program draws them: horizontal hairlines with labels, a base line, labels below. */
function axes(pen, { left, right, top, bottom }, rows, lines) {
  pen.font = `${12 * SCALE}px system-ui, sans-serif`;
  pen.fillStyle = MUTED;
  pen.lineWidth = 1;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (const [label, part] of rows) {
    const y = Math.round(bottom - part * (bottom - top));
    if (lines) {
      pen.strokeStyle = HAIRLINE;
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.stroke();
    }
    pen.fillText(label, left - 6 * SCALE, y);
  }
  pen.textAlign = "center";
  pen.textBaseline = "top";
  for (let at = 0; at <= 5; at++) pen.fillText((at / 5).toFixed(1), left + (at / 5) * (right - left), bottom + 6 * SCALE);
  pen.strokeStyle = MUTED;
  pen.beginPath();
  pen.moveTo(left, bottom);
  pen.lineTo(right, bottom);
  pen.stroke();
}

const FRAME = { left: 42 * SCALE, right: (WIDTH - 14) * SCALE, top: 12 * SCALE, bottom: HEIGHT * SCALE - 12 * SCALE * 1.9 };

/** Five lines of a thousand points, by hand. */
export function lines(canvas, isDashed) {
  canvas.width = WIDTH * SCALE;
  canvas.height = HEIGHT * SCALE;
  const pen = canvas.getContext("2d");
  pen.lineJoin = "round";
  const { left, right, top, bottom } = FRAME;
  const rows = [-1, -0.5, 0, 0.5, 1].map((at) => [at.toFixed(1), (at + 1.2) / 2.4]);
  return (moment) => {
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    axes(pen, FRAME, rows, true);
    for (let line = 0; line < 5; line++) {
      const [colour, width, dash] = isDashed ? ROLES[line] : ROLES[0];
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.setLineDash(dash.map((length) => length * SCALE));
      pen.beginPath();
      const heights = MOMENTS[moment % MOMENTS.length][line];
      for (let at = 0; at < COUNT; at++) {
        pen.lineTo(left + (at / (COUNT - 1)) * (right - left), bottom - ((heights[at] + 1.2) / 2.4) * (bottom - top));
      }
      pen.stroke();
      pen.setLineDash([]);
    }
  };
}

/** A field of 256 × 256 values by one ImageData, enlarged without smoothing; `table` are the 256 colours of the ramp. */
export function heat(canvas, table) {
  canvas.width = WIDTH * SCALE;
  canvas.height = HEIGHT * SCALE;
  const pen = canvas.getContext("2d");
  const small = document.createElement("canvas");
  small.width = 256;
  small.height = 256;
  const smallPen = small.getContext("2d");
  const image = smallPen.createImageData(256, 256);
  const pixels = new Uint32Array(image.data.buffer);
  const { left, right, top, bottom } = FRAME;
  const rows = [0, 0.2, 0.4, 0.6, 0.8, 1].map((at) => [at.toFixed(1), at]);
  return (moment) => {
    const values = FIELDS[moment % FIELDS.length];
    for (let row = 0; row < 256; row++) {
      const [from, to] = [row * 256, (255 - row) * 256];
      for (let column = 0; column < 256; column++) pixels[to + column] = table[(128 + 127.5 * values[from + column]) | 0];
    }
    smallPen.putImageData(image, 0, 0);
    pen.fillStyle = PAPER;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(small, left, top, right - left, bottom - top);
    axes(pen, FRAME, rows, false);
  };
}

/** The same five lines by uPlot. */
export function uplot(place, isDashed) {
  const x = Array.from({ length: COUNT }, (_, at) => at / (COUNT - 1));
  const axis = { stroke: MUTED, font: FONT, grid: { stroke: HAIRLINE, width: 0.5 }, ticks: { show: false } };
  const series = ROLES.map((_, line) => {
    const [stroke, width, dash] = isDashed ? ROLES[line] : ROLES[0];
    return { stroke, width: width / SCALE, dash, points: { show: false } };
  });
  const plot = new uPlot({
    width: WIDTH, height: HEIGHT, pxAlign: false, legend: { show: false }, cursor: { show: false },
    scales: { x: { time: false }, y: { range: [-1.2, 1.2] } },
    axes: [{ ...axis, grid: { show: false } }, axis], series: [{}, ...series],
  }, [x, ...MOMENTS[0]], place);
  return (moment) => plot.setData([x, ...MOMENTS[moment % MOMENTS.length]]);
}
