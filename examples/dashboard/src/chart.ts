const WIDTH = 160;
const HEIGHT = 32;

/** Returns an SVG line through the samples, the slowest at the top. */
export function sparkline(samples: readonly number[]): string {
  const highest = Math.max(...samples);
  const points = samples.map((sample, index) => {
    const x = (index / Math.max(1, samples.length - 1)) * WIDTH;
    const y = HEIGHT - (sample / highest) * HEIGHT;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img"><polyline points="${points.join(" ")}"/></svg>`;
}
