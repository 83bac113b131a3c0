// SPDX-License-Identifier: Apache-2.0
import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { minorDigits } from '@/shared/format/formatters';
import { useFormat } from '@/shared/format';
import type { Rfm, RfmAsk } from '../api';
import classes from '../Rfm.module.css';

const measures = ['r', 'f', 'm'] as const;
const parts = ['20 %', '40 %', '60 %', '80 %'];

/** The limits of the five parts: quantiles of the buyers, or set by hand. */
export function RfmLimits({ rfm, ask, onChange }: { rfm: Rfm; ask: RfmAsk; onChange: (cuts: RfmAsk['cuts']) => void }) {
  const { t } = useTranslation('mining');
  const { number, moneyCompact } = useFormat();
  const [draft, setDraft] = useState<Record<'r' | 'f' | 'm', number[]>>();
  const unit = (key: string) => (key === 'm' ? 10 ** minorDigits(rfm.currency) : 1);
  const begin = () =>
    setDraft({ r: rfm.limits.r ?? [], f: rfm.limits.f ?? [], m: (rfm.limits.m ?? []).map((v) => v / unit('m')) });
  const ascending = (list: number[]) => list.every((v, i) => i === 0 || v > (list[i - 1] ?? 0));
  const isBad = draft !== undefined && !measures.every((key) => ascending(draft[key]));
  return (
    <div className={classes.stack}>
      <table className={classes.limits} aria-label={t('rfm.limits')}>
        <thead>
          <tr>
            <th scope="col">{ask.cuts ? t('rfm.cuts.own') : t('rfm.limits')}</th>
            {parts.map((q) => (
              <th key={q} scope="col">
                {ask.cuts || draft ? '≤' : q}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {measures.map((key) => (
            <tr key={key}>
              <th scope="row">{t(`rfm.weight.${key}`)}</th>
              {parts.map((q, i) => (
                <td key={q}>
                  {draft ? (
                    <NumberInput
                      size="xs"
                      hideControls
                      min={0}
                      aria-label={`${t(`rfm.weight.${key}`)} ${i + 1}`}
                      value={draft[key][i] ?? 0}
                      onChange={(v) =>
                        typeof v === 'number' &&
                        setDraft({ ...draft, [key]: draft[key].map((x, k) => (k === i ? v : x)) })
                      }
                    />
                  ) : key === 'm' ? (
                    moneyCompact(Math.round(rfm.limits.m?.[i] ?? 0), rfm.currency)
                  ) : (
                    number(rfm.limits[key]?.[i] ?? 0)
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {isBad && <span role="alert">{t('rfm.cuts.ascending')}</span>}
      <span className={classes.buttons}>
        {draft ? (
          <>
            <Button
              size="compact-sm"
              disabled={isBad}
              onClick={() => {
                onChange({ ...draft, m: draft.m.map((v) => v * unit('m')) });
                setDraft(undefined);
              }}
            >
              {t('rfm.cuts.use')}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => setDraft(undefined)}>
              {t('rfm.cuts.cancel')}
            </Button>
          </>
        ) : (
          <Button size="compact-sm" variant="default" onClick={begin}>
            {t('rfm.cuts.set')}
          </Button>
        )}
        {ask.cuts && !draft && (
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(undefined)}>
            {t('rfm.cuts.quantiles')}
          </Button>
        )}
      </span>
    </div>
  );
}
