/** Money over time as a chart. */
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef, type ReactElement } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { money } from '../../parts/time.ts';
import { inkOf, paletteOf } from '../graph/palette.ts';
import classes from './costs.module.css';

const height = 240;

export function Burn({ data }: { data: [number[], number[], number[]] }): ReactElement {
  const frame = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const hasEstimates = (data[1].at(-1) ?? 0) < (data[2].at(-1) ?? 0);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const { dimmed, faint } = paletteOf(scheme);
    const axis = { stroke: dimmed, grid: { stroke: faint, width: 1 }, ticks: { stroke: faint, width: 1 } };
    const plot = new uPlot(
      {
        width: Math.max(200, element.clientWidth),
        height,
        cursor: { points: { size: 6 } },
        axes: [axis, { ...axis, size: 64, values: (_plot, values) => values.map((value) => money(value)) }],
        series: [
          { value: (_plot, value) => (value === null ? '–' : new Date(value * 1_000).toLocaleString()) },
          {
            label: 'reported',
            stroke: inkOf('blue', scheme),
            width: 2,
            fill: `${inkOf('blue', scheme)}22`,
            value: (_plot, value) => (value === null ? '–' : money(value)),
          },
          ...(hasEstimates
            ? [
                {
                  label: 'with estimates',
                  stroke: inkOf('yellow', scheme),
                  width: 2,
                  dash: [6, 4],
                  value: (_plot: uPlot, value: number | null) => (value === null ? '–' : `≈ ${money(value)}`),
                },
              ]
            : []),
        ],
      },
      hasEstimates ? data : [data[0], data[1]],
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: Math.max(200, element.clientWidth), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [data, scheme, hasEstimates]);
  return (
    <div
      ref={frame}
      className={classes['burn']}
      role="img"
      aria-label="Money spent over time; the tables have the sums"
    />
  );
}
