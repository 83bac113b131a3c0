// SPDX-License-Identifier: Apache-2.0
import { NumberInput } from '@mantine/core';
import { minorDigits } from './formatters';

interface MoneyInputProps {
  label: string;
  description?: string;
  /** Minor units. */
  value: number;
  currency: string;
  onChange: (amount: number) => void;
}

/** An amount of money; shown in whole units, kept in minor ones. */
export function MoneyInput({ label, description, value, currency, onChange }: MoneyInputProps) {
  const digits = minorDigits(currency);
  return (
    <NumberInput
      label={label}
      description={description}
      min={0}
      decimalScale={digits}
      thousandSeparator=","
      hideControls
      value={value / 10 ** digits}
      onChange={(amount) => onChange(Math.round(Number(amount || 0) * 10 ** digits))}
      rightSection={<span className="dim">{currency}</span>}
      rightSectionWidth={48}
    />
  );
}
