// SPDX-License-Identifier: Apache-2.0
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { translate } from '@/app/i18n';
import { pinValue, updateCustomer } from '@/customer/api';
import { formatPhone } from '@/shared/format';
import { Facts, Panel } from '@/shared/page';
import type { Issue, Outcome } from './api';
import { ValueLine } from './ValueLine';
import classes from './Quality.module.css';

interface WorkIssueProps {
  issue: Issue;
  busy: boolean;
  onClose: (outcome: Outcome) => void;
  onSkip: () => void;
}

/** The issue at hand: what the sources say, a field to type the right value into, and the customer beside it. */
export function WorkIssue({ issue, busy, onClose, onSkip }: WorkIssueProps) {
  const { t } = useTranslation('dataquality');
  const [text, setText] = useState('');
  const hasField = issue.field !== '*';
  const label = hasField ? translate(`customer:field.${issue.field}`, issue.field) : '';
  const save = useMutation({
    mutationFn: () => updateCustomer(issue.customer_id, { [issue.field]: text.trim() === '' ? null : text.trim() }, 0),
    onSuccess: () => onClose('mended'),
  });
  const pin = useMutation({
    mutationFn: (recordId: number) => pinValue(issue.customer_id, issue.field, { record_id: recordId }),
    onSuccess: () => onClose('mended'),
  });
  const working = busy || save.isPending || pin.isPending;
  const customer = issue.customer;
  return (
    <div className={classes.work}>
      <Panel
        title={
          <>
            {translate(`dataquality:kind.${issue.kind}`, issue.kind)}
            {label && ` · ${label}`}
          </>
        }
        aside={issue.code ? translate(`intake:code.${issue.code.replaceAll('.', '_')}`, issue.code) : undefined}
        flush
      >
        {issue.values?.map((value) => (
          <ValueLine key={value.record_id} value={value} busy={working} onChoose={() => pin.mutate(value.record_id)} />
        ))}
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (hasField && text.trim() !== '') save.mutate();
          }}
        >
          {hasField && (
            <TextInput
              label={t('newValue', { field: label })}
              description={t('newValueHint')}
              value={text}
              type={issue.field === 'birth_on' ? 'date' : 'text'}
              onChange={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => {
                // Out of the field the single keys work: Y, N, L.
                if (event.key === 'Escape') event.currentTarget.blur();
                if (event.key === 'PageDown') {
                  event.preventDefault();
                  onSkip();
                }
              }}
              autoFocus
              maxLength={500}
            />
          )}
          {!hasField && <p style={{ margin: 0 }}>{translate(`dataquality:about.${issue.kind}`, '')}</p>}
          <div className={classes.buttons}>
            {hasField && (
              <Button type="submit" disabled={text.trim() === ''} loading={working}>
                {t('saveNext')}
              </Button>
            )}
            {!hasField && (
              <Button loading={working} onClick={() => onClose('mended')}>
                {t('mendedNext')}
              </Button>
            )}
            <Button variant="default" disabled={working} onClick={() => onClose('right')}>
              {t('right')}
            </Button>
            <Button variant="default" disabled={working} onClick={onSkip}>
              {t('skip')}
            </Button>
            <Button variant="subtle" color="gray" disabled={working} onClick={() => onClose('later')}>
              {t('later')}
            </Button>
          </div>
        </form>
      </Panel>
      {customer && (
        <Panel
          title={
            <Link to="/customers/$id" params={{ id: String(customer.id) }} style={{ color: 'var(--accent-text)' }}>
              {customer.full_name || `#${customer.id}`}
            </Link>
          }
          aside={<span className="num">#{customer.id}</span>}
        >
          <Facts
            labelWidth={84}
            facts={(['mobile', 'phone', 'email', 'birth_on', 'address', 'branch', 'joined_on'] as const)
              .filter((name) => customer[name])
              .map((name) => ({
                key: name,
                label: translate(`customer:field.${name}`, name),
                value: name === 'mobile' || name === 'phone' ? formatPhone(customer[name] ?? '') : customer[name],
              }))}
          />
        </Panel>
      )}
    </div>
  );
}
