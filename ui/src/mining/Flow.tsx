// SPDX-License-Identifier: Apache-2.0
import { useMemo, type CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, type ChartTheme } from '@/shared/chart';
import { useFormat } from '@/shared/format';
import classes from './value/Value.module.css';

interface FlowProps {
  label: string;
  names: string[];
  /** Customers from (row) to (column). */
  moves: number[][];
  /** Writes a value; counts when left out. */
  write?: (value: number) => string;
  /** Also tells which share of a row went where: the transition matrix. */
  withShares?: boolean;
}

/** Who moved from where to where: as a Sankey and as a matrix. */
export function Flow({ label, names, moves, write, withShares }: FlowProps) {
  const { t } = useTranslation('mining');
  const { number, percent } = useFormat();
  const option = useMemo(() => {
    const links = moves.flatMap((row, from) =>
      row
        .map((value, to) => ({ source: `${names[from]} `, target: names[to] ?? '', value }))
        .filter((l) => l.value > 0),
    );
    const used = new Set(links.flatMap((link) => [link.source, link.target]));
    return (theme: ChartTheme) => ({
      tooltip: { trigger: 'item' as const },
      series: [
        {
          type: 'sankey' as const,
          left: 8,
          right: 110,
          nodeGap: 10,
          layoutIterations: 0,
          emphasis: { focus: 'adjacency' as const },
          lineStyle: { color: 'gradient' as const, opacity: 0.35 },
          data: [...names.map((n) => `${n} `), ...names].filter((name) => used.has(name)).map((name) => ({ name })),
          links,
          label: { color: theme.text, textBorderWidth: 0 },
        },
      ],
    });
  }, [names, moves]);
  const most = Math.max(1, ...moves.flat());
  return (
    <>
      <Chart option={option} height={360} label={label} />
      <div className={classes.scroll}>
        <table className={classes.matrix} aria-label={label}>
          <thead>
            <tr>
              <th scope="col">{t('value.fromTo')}</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {moves.map((row, from) => (
              <tr key={names[from]}>
                <th scope="row">{names[from]}</th>
                {row.map((value, to) => (
                  <td
                    key={names[to]}
                    className="num"
                    style={{ '--heat': `${Math.round(Math.sqrt(value / most) * 100)}%` } as CSSProperties}
                  >
                    {value > 0 ? (write ?? number)(value) : ''}
                    {withShares && value > 0 && <small> {percent(value / row.reduce((a, b) => a + b, 0), 0)}</small>}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
