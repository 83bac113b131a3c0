// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useFormat } from '@/shared/format';
import { Panel, tell } from '@/shared/page';
import { changeModel, type Comparison, type Level, type Model } from '../api';
import { fieldName, kindName, levelName } from '../words';
import classes from './Model.module.css';

const weightOf = (level: Level) => Math.log2(level.m / level.u);

/** Every comparison with m, u and the weight of each level; an administrator may correct m and u. */
export function Comparisons({ model }: { model: Model }) {
  const { t } = useTranslation('match');
  const { number } = useFormat();
  const can = useCan();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Comparison[] | undefined>();
  const comparisons = draft ?? model.spec.model.comparisons;
  const most = Math.max(1, ...comparisons.flatMap((c) => c.levels.slice(1).map((l) => Math.abs(weightOf(l)))));
  const save = useMutation({
    mutationFn: () => changeModel({ base_id: model.id, comparisons: draft }),
    onSuccess: () => {
      tell(t('model.saved'));
      setDraft(undefined);
      return queries.invalidateQueries({ queryKey: ['match'] });
    },
  });
  const set = (at: number, level: number, change: Partial<Level>) =>
    setDraft(
      comparisons.map((c, i) =>
        i === at ? { ...c, levels: c.levels.map((l, k) => (k === level ? { ...l, ...change } : l)) } : c,
      ),
    );
  return (
    <Panel
      title={t('comparisons.title')}
      aside={t('comparisons.about', { lambda: number(1 / model.spec.model.lambda) })}
      actions={
        can('match:configure') &&
        (draft ? (
          <>
            <Button size="xs" variant="subtle" onClick={() => setDraft(undefined)}>
              {t('model.cancel')}
            </Button>
            <Button size="xs" loading={save.isPending} onClick={() => save.mutate()}>
              {t('model.save')}
            </Button>
          </>
        ) : (
          <Button size="xs" variant="default" onClick={() => setDraft(structuredClone(comparisons))}>
            {t('model.edit')}
          </Button>
        ))
      }
      flush
    >
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('comparisons.field')}</th>
              <th scope="col">{t('comparisons.level')}</th>
              <th scope="col">{t('comparisons.m')}</th>
              <th scope="col">{t('comparisons.u')}</th>
              <th scope="col" className={classes.number}>
                {t('pair.weight')}
              </th>
              <th scope="col" aria-hidden />
            </tr>
          </thead>
          {comparisons.map((comparison, at) => (
            <tbody key={comparison.name}>
              {comparison.levels.map((level, k) =>
                k === 0 ? null : (
                  <tr key={level.label}>
                    {k === 1 && (
                      <th scope="rowgroup" rowSpan={comparison.levels.length - 1}>
                        {fieldName(comparison.name)}
                        <small>{kindName(model.spec.kinds[at] ?? '')}</small>
                      </th>
                    )}
                    <td>{levelName(level.label)}</td>
                    {(['m', 'u'] as const).map((side) => (
                      <td key={side}>
                        {draft ? (
                          <NumberInput
                            size="xs"
                            aria-label={`${fieldName(comparison.name)} ${levelName(level.label)} ${side}`}
                            value={level[side]}
                            onChange={(value) => typeof value === 'number' && set(at, k, { [side]: value })}
                            decimalScale={9}
                            min={0}
                            max={1}
                            step={0.01}
                            w={130}
                          />
                        ) : (
                          <Share value={level[side]} side={side} />
                        )}
                      </td>
                    ))}
                    <td className={classes.number}>
                      {weightOf(level) > 0 ? '+' : ''}
                      {number(weightOf(level), 1)}
                    </td>
                    <td>
                      <Weight value={weightOf(level)} most={most} />
                    </td>
                  </tr>
                ),
              )}
            </tbody>
          ))}
        </table>
      </div>
    </Panel>
  );
}

function Share({ value, side }: { value: number; side: 'm' | 'u' }) {
  const { percent } = useFormat();
  const digits = value >= 0.01 ? 1 : value >= 0.0001 ? 3 : 5;
  return (
    <span className={classes.share} data-side={side}>
      <span className={classes.shareBar} style={{ width: `${Math.max(1, 100 * value)}%` }} aria-hidden />
      <span className="num">{percent(value, digits)}</span>
    </span>
  );
}

function Weight({ value, most }: { value: number; most: number }) {
  const width = (50 * Math.abs(value)) / most;
  return (
    <span className={classes.weight} aria-hidden>
      <span
        data-for={value >= 0 || undefined}
        style={
          value >= 0 ? { insetInlineStart: '50%', width: `${width}%` } : { insetInlineEnd: '50%', width: `${width}%` }
        }
      />
    </span>
  );
}
