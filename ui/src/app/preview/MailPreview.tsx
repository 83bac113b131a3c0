// SPDX-License-Identifier: Apache-2.0
import { SegmentedControl } from '@mantine/core';
import { Monitor, Smartphone, Type } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loading, SandboxFrame } from '@/shared/page';
import { faultText } from '../faults';
import { CustomerPicker, type PickedCustomer } from '../pick';
import { useMailPreview, type PreviewOf } from './useMailPreview';
import classes from './MailPreview.module.css';

type Shape = 'wide' | 'narrow' | 'text';
const shapes = [
  { value: 'wide', icon: Monitor },
  { value: 'narrow', icon: Smartphone },
  { value: 'text', icon: Type },
] as const;

interface MailPreviewProps {
  /** A stored template or a draft; undefined while there is none. */
  of: PreviewOf | undefined;
  customer: PickedCustomer | undefined;
  onCustomer: (customer: PickedCustomer | undefined) => void;
}

/** A message as one customer would get it: subject with its label, body and footer. */
export function MailPreview({ of, customer, onCustomer }: MailPreviewProps) {
  const { t } = useTranslation('mail');
  const [shape, setShape] = useState<Shape>('wide');
  const result = useMailPreview(of, customer);
  const mail = result.data;
  return (
    <section className={classes.preview} aria-label={t('preview.title')}>
      <div className={classes.head}>
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
        <p className={classes.fault} role="alert">
          {faultText(result.error)}
        </p>
      )}
      {mail ? (
        <>
          <div className={classes.envelope}>
            <strong>{mail.subject || t('preview.noSubject')}</strong>
            {mail.is_masked && <small>{t('preview.masked')}</small>}
            {mail.missing.length > 0 && <small>{t('preview.missing', { fields: mail.missing.join(', ') })}</small>}
          </div>
          <div className={classes.stage}>
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
        !result.isError && of && <Loading />
      )}
    </section>
  );
}
