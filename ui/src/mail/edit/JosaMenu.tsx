// SPDX-License-Identifier: Apache-2.0
import { Button, Menu } from '@mantine/core';
import { josa } from 'es-hangul';
import { Languages } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** As the template writes it, beside how es-hangul names the same pair. */
const pairs = [
  ['은/는', '은/는'],
  ['이/가', '이/가'],
  ['을/를', '을/를'],
  ['과/와', '와/과'],
  ['으로/로', '으로/로'],
  ['아/야', '아/야'],
] as const;
const people = ['지은', '민수'] as const;

/** The button that writes a particle that fits the name before it (은/는, 이/가…). */
export function JosaMenu({ onInsert }: { onInsert: (text: string) => void }) {
  const { t } = useTranslation('mail');
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size="compact-sm" variant="default" leftSection={<Languages size={13} />}>
          {t('josa.insert')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('josa.hint')}</Menu.Label>
        {pairs.map(([pair, option]) => (
          <Menu.Item key={pair} onClick={() => onInsert(`{{josa "${pair}"}}`)}>
            <span style={{ display: 'flex', justifyContent: 'space-between', gap: 20 }}>
              <span>{pair}</span>
              <span className="dim">{people.map((name) => josa(name, option)).join(' · ')}</span>
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
