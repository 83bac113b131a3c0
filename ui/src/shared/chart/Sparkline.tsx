// SPDX-License-Identifier: Apache-2.0

interface SparklineProps {
  values: number[];
  label: string;
  width?: number;
  height?: number;
}

/** A tiny line without axes, drawn as SVG so that it costs nothing. */
export function Sparkline({ values, label, width = 120, height = 28 }: SparklineProps) {
  if (values.length < 2) return null;
  const most = Math.max(...values);
  const least = Math.min(...values, 0);
  const span = most - least || 1;
  const points = values
    .map(
      (value, i) =>
        `${(i / (values.length - 1)) * (width - 2) + 1},${height - 2 - ((value - least) / span) * (height - 4)}`,
    )
    .join(' ');
  return (
    <svg width={width} height={height} role="img" aria-label={label} style={{ display: 'block', overflow: 'visible' }}>
      <polyline points={points} fill="none" stroke="var(--accent)" strokeWidth="1.5" strokeLinejoin="round" />
    </svg>
  );
}
