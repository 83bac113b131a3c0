// SPDX-License-Identifier: Apache-2.0
import { NumberInput, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { RunFrame } from '../run';
import { SeriesPicker, type SeriesAsk, type Step } from '../series';
import type { ForecastResult } from './api';
import { ForecastOptions, usualOptions, type Options } from './ForecastOptions';
import { ForecastResultView } from './ForecastResultView';

const methods = ['auto', 'naive', 'snaive', 'ets', 'theta', 'arima', 'combination'] as const;
const usual: Record<Step, number> = { half_hour: 336, hour: 168, day: 28, week: 13, month: 6 };

/** Only what belongs to the series that is asked for. */
function settingsOf(ask: SeriesAsk, horizon: number, method: string, options: Options) {
  const isDaily = ask.step === 'day' || ask.step === 'month';
  const isFine = ask.step === 'half_hour' || ask.step === 'hour';
  const isOfOrders = ['revenue', 'returned', 'orders', 'new_customers'].includes(ask.measure);
  return {
    ...ask,
    horizon,
    method,
    holidays: isDaily && options.holidays,
    promotions: isDaily && options.promotions,
    planned:
      isDaily && options.promotions && options.from && options.to ? [{ from: options.from, to: options.to }] : [],
    by: isOfOrders ? options.by : [],
    desk:
      isFine && options.staff
        ? { handle_seconds: options.handle, share: options.share / 100, seconds: options.seconds }
        : undefined,
  };
}

/** What a series will be, how sure that is, and how well the method did before. */
export function ForecastPage() {
  const { t } = useTranslation('mining');
  const [ask, setAsk] = useState<SeriesAsk>({ measure: 'revenue', step: 'month' });
  const [horizon, setHorizon] = useState(6);
  const [method, setMethod] = useState('auto');
  const [options, setOptions] = useState<Options>(usualOptions);
  return (
    <RunFrame<ForecastResult>
      kind="forecast"
      title={t('forecast.title')}
      settings={settingsOf(ask, horizon, method, options)}
      promise={t('forecast.promise')}
      bar={
        <>
          <SeriesPicker
            value={ask}
            onChange={(next) => {
              if (next.step !== ask.step) setHorizon(usual[next.step]);
              setAsk(next);
            }}
          />
          <NumberInput
            aria-label={t('forecast.horizon')}
            value={horizon}
            onChange={(v) => typeof v === 'number' && v >= 1 && setHorizon(v)}
            min={1}
            max={1500}
            w={90}
          />
          <Select
            aria-label={t('forecast.method')}
            data={methods.map((m) => ({ value: m, label: t(`forecast.methods.${m}`) }))}
            value={method}
            allowDeselect={false}
            onChange={(next) => next && setMethod(next)}
            w={170}
          />
          <ForecastOptions ask={ask} value={options} onChange={setOptions} />
        </>
      }
    >
      {(result) => <ForecastResultView result={result} />}
    </RunFrame>
  );
}
