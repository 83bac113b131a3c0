// SPDX-License-Identifier: Apache-2.0
import { Button, Checkbox, MultiSelect, NumberInput, Popover, Stack, TextInput } from '@mantine/core';
import { SlidersHorizontal } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { SeriesAsk } from '../series';

/** What beside the series goes into a forecast. */
export interface Options {
  holidays: boolean;
  promotions: boolean;
  from: string;
  to: string;
  by: string[];
  staff: boolean;
  handle: number;
  share: number;
  seconds: number;
}

export const usualOptions: Options = {
  holidays: false,
  promotions: false,
  from: '',
  to: '',
  by: [],
  staff: true,
  handle: 180,
  share: 80,
  seconds: 20,
};

const ofOrders = ['sido', 'branch', 'grade', 'channel', 'store'] as const;
const ofProducts = ['category', 'department', 'brand'] as const;

interface ForecastOptionsProps {
  ask: SeriesAsk;
  value: Options;
  onChange: (next: Options) => void;
}

/** Holidays and campaigns, parts that add up, agents; only what the series allows is shown. */
export function ForecastOptions({ ask, value, onChange }: ForecastOptionsProps) {
  const { t } = useTranslation('mining');
  const set = (change: Partial<Options>) => onChange({ ...value, ...change });
  const isDaily = ask.step === 'day' || ask.step === 'month';
  const isFine = ask.step === 'half_hour' || ask.step === 'hour';
  const isMoney = ask.measure === 'revenue' || ask.measure === 'returned';
  const parts = isMoney ? [...ofOrders, ...ofProducts] : [...ofOrders];
  const isOfOrders = isMoney || ask.measure === 'orders' || ask.measure === 'new_customers';
  const used = [isDaily && value.holidays, isDaily && value.promotions, isOfOrders && value.by.length > 0];
  const count = used.filter(Boolean).length;
  return (
    <Popover position="bottom-end" width={340} shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<SlidersHorizontal size={16} aria-hidden />}>
          {t('forecast.more')}
          {count > 0 && ` (${count})`}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          {isOfOrders && (
            <MultiSelect
              label={t('forecast.by')}
              description={t('forecast.byHint')}
              data={parts.map((by) => ({ value: by, label: t(`forecast.parts.${by}`) }))}
              value={value.by}
              onChange={(by) => set({ by })}
              maxValues={2}
              comboboxProps={{ withinPortal: false }}
            />
          )}
          <Checkbox
            label={t('forecast.holidays')}
            description={isDaily ? undefined : t('forecast.dailyOnly')}
            disabled={!isDaily}
            checked={isDaily && value.holidays}
            onChange={(event) => set({ holidays: event.currentTarget.checked })}
          />
          <Checkbox
            label={t('forecast.promotions')}
            description={isDaily ? t('forecast.promotionsHint') : t('forecast.dailyOnly')}
            disabled={!isDaily}
            checked={isDaily && value.promotions}
            onChange={(event) => set({ promotions: event.currentTarget.checked })}
          />
          {isDaily && value.promotions && (
            <>
              <TextInput
                type="date"
                label={t('forecast.plannedFrom')}
                value={value.from}
                onChange={(event) => set({ from: event.currentTarget.value })}
              />
              <TextInput
                type="date"
                label={t('forecast.plannedTo')}
                value={value.to}
                onChange={(event) => set({ to: event.currentTarget.value })}
              />
            </>
          )}
          {isFine && (
            <>
              <Checkbox
                label={t('forecast.staff')}
                checked={value.staff}
                onChange={(event) => set({ staff: event.currentTarget.checked })}
              />
              {value.staff && (
                <>
                  <NumberInput
                    label={t('forecast.handle')}
                    value={value.handle}
                    min={1}
                    max={7200}
                    onChange={(n) => typeof n === 'number' && set({ handle: n })}
                  />
                  <NumberInput
                    label={t('forecast.share')}
                    value={value.share}
                    min={1}
                    max={99}
                    onChange={(n) => typeof n === 'number' && set({ share: n })}
                  />
                  <NumberInput
                    label={t('forecast.seconds')}
                    value={value.seconds}
                    min={0}
                    max={3600}
                    onChange={(n) => typeof n === 'number' && set({ seconds: n })}
                  />
                </>
              )}
            </>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
