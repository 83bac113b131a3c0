// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Monitor, Smartphone, Type } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { faultText } from '@/app/faults';
import { CustomerPicker, type PickedCustomer } from '@/app/pick';
import { Loading, SandboxFrame } from '@/shared/page';
import { preview, type TemplateDraft } from '../api';
import styles from './Editor.module.css';

type Shape = 'wide' | 'narrow' | 'text';
const shapes = [
  { value: 'wide', icon: Monitor },
  { value: 'narrow', icon: Smartphone },
  { value: 'text', icon: Type },
] as const;

interface PreviewPaneProps {
  draft: TemplateDraft;
  customer: PickedCustomer | undefined;
  onCustomer: (customer: PickedCustomer | undefined) => void;
}

const SETTLE = 350;

/** The preview of a draft, asked anew when typing pauses. */
export function usePreview(draft: TemplateDraft, customer: PickedCustomer | undefined) {
  const [settled] = useDebouncedValue(draft, SETTLE);
  return useQuery({
    queryKey: ['templates', 'preview', settled, customer?.id],
    queryFn: ({ signal }) => preview(settled, customer?.id, signal),
    placeholderData: (old) => old,
    retry: false,
    staleTime: 60_000,
  });
}

/** The message as one customer would get it: envelope, label, body and footer. */
export function PreviewPane({ draft, customer, onCustomer }: PreviewPaneProps) {
  const { t } = useTranslation('mail');
  const [shape, setShape] = useState<Shape>('wide');
  const result = usePreview(draft, customer);
  const mail = result.data;
  return (
    <section className={styles.right} aria-label={t('preview.title')}>
      <div className={styles.previewHead}>
        <CustomerPicker
          ariaLabel={t('preview.as')}
          placeholder={t('preview.as')}
          value={customer}
          onChange={onCustomer}
          width={230}
        />
        <SegmentedControl
          ml="auto"
          aria-label={t('preview.shape')}
          value={shape}
          onChange={(value) => setShape(value as Shape)}
          data={shapes.map(({ value, icon: Icon }) => ({
            value,
            label: <Icon size={15} role="img" aria-label={t(`preview.${value}`)} />,
          }))}
        />
      </div>
      {result.isError && (
        <p className={styles.fault} role="alert">
          {faultText(result.error)}
        </p>
      )}
      {mail ? (
        <>
          <div className={styles.envelope}>
            <strong>{mail.subject || t('preview.noSubject')}</strong>
            {mail.is_masked && <small>{t('preview.masked')}</small>}
            {mail.missing.length > 0 && <small>{t('preview.missing', { fields: mail.missing.join(', ') })}</small>}
          </div>
          <div className={styles.stage}>
            {shape === 'text' ? (
              <pre>{mail.text}</pre>
            ) : (
              <SandboxFrame
                html={mail.html}
                title={t('preview.title')}
                height="100%"
                width={shape === 'narrow' ? 375 : '100%'}
              />
            )}
          </div>
        </>
      ) : (
        !result.isError && <Loading />
      )}
    </section>
  );
}
