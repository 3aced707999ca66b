export interface Summary {
  median: number;
  slowest: number;
}

export function summarise(samples: readonly number[]): Summary {
  if (samples.length === 0) {
    throw new RangeError("a service without samples has no summary");
  }
  const sorted = [...samples].sort((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const median =
    sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, slowest: sorted.at(-1)! };
}

export const format = (milliseconds: number): string =>
  milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
