// SPDX-License-Identifier: Apache-2.0
import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Stethoscope } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorState, Panel, Status, type Tone } from '@/shared/page';
import { examine, type Finding } from './api';
import styles from './Sending.module.css';

const tones: Record<Finding['grade'], Tone> = { good: 'teal', weak: 'amber', bad: 'red', unknown: 'grey' };

/** Asks the DNS what receivers find there: SPF, DKIM, DMARC, MX and the reverse name. */
export function DoctorPanel() {
  const { t, i18n } = useTranslation('mail');
  const [domain, setDomain] = useState('');
  const result = useMutation({ mutationFn: examine });
  return (
    <Panel title={t('sending.doctor')}>
      <p className="dim" style={{ margin: '0 0 12px' }}>
        {t('sending.doctorText')}
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          result.mutate(domain);
        }}
      >
        <Group gap={8} align="end">
          <TextInput
            label={t('sending.domain')}
            placeholder={t('sending.ownDomain')}
            value={domain}
            onChange={(event) => setDomain(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" leftSection={<Stethoscope size={14} />} loading={result.isPending}>
            {t('sending.examine')}
          </Button>
        </Group>
      </form>
      {result.isError && <ErrorState fault={result.error} />}
      {result.isSuccess && (
        <ul className={styles.list} style={{ marginTop: 16 }} aria-label={t('sending.findings')}>
          {result.data.items.map((finding) => (
            <li key={finding.check + finding.subject} className={styles.item}>
              <div>
                <Status tone={tones[finding.grade]}>{t(`sending.grade.${finding.grade}`)}</Status>{' '}
                <strong>{t(`sending.check.${finding.check}`)}</strong> <span className="dim">{finding.subject}</span>
              </div>
              <span>
                {i18n.exists(`mail:sending.found.${finding.code}`)
                  ? t(`sending.found.${finding.code}` as 'sending.found.no_answer')
                  : finding.message}
              </span>
              {(finding.found || finding.advice) && (
                <dl className={styles.record}>
                  {finding.found && <dt>{t('sending.inDns')}</dt>}
                  {finding.found && (
                    <dd>
                      <code>{finding.found}</code>
                    </dd>
                  )}
                  {finding.advice && <dt>{t('sending.advice')}</dt>}
                  {finding.advice && (
                    <dd>
                      <code>{finding.advice}</code>
                    </dd>
                  )}
                </dl>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
