// SPDX-License-Identifier: Apache-2.0
import { Button, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Check, Hourglass, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Panel, Status, type Tone } from '@/shared/page';
import { askApproval, giveApproval, type Campaign } from '../api';
import styles from './Edit.module.css';

const tones: Record<string, Tone> = { asked: 'amber', approved: 'teal', refused: 'red' };

/** The yes that the company's rule asks for before a large campaign starts. */
export function ApprovalPanel({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const can = useCan();
  const queries = useQueryClient();
  const [note, setNote] = useState('');
  const refresh = { onSuccess: () => queries.invalidateQueries({ queryKey: ['campaigns'] }) };
  const ask = useMutation({ mutationFn: () => askApproval(campaign.id), ...refresh });
  const decide = useMutation({ mutationFn: (isYes: boolean) => giveApproval(campaign.id, isYes, note), ...refresh });
  const state = campaign.approval;
  if (!campaign.needs_approval && !state) return null;
  return (
    <Panel
      title={t('approval.title')}
      aside={<Status tone={tones[state ?? ''] ?? 'grey'}>{t(`approval.state.${state || 'open'}`)}</Status>}
    >
      <div className={styles.form}>
        <p className="dim" style={{ margin: 0 }}>
          {campaign.approval_note || t('approval.text')}
        </p>
        {state !== 'asked' && state !== 'approved' && can('campaign:update') && (
          <Button
            variant="default"
            leftSection={<Hourglass size={14} />}
            loading={ask.isPending}
            onClick={() => ask.mutate()}
          >
            {t('approval.ask')}
          </Button>
        )}
        {state === 'asked' && can('campaign:approve') && (
          <>
            <Textarea
              label={t('approval.note')}
              maxLength={500}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <div className={styles.pair}>
              <Button leftSection={<Check size={14} />} loading={decide.isPending} onClick={() => decide.mutate(true)}>
                {t('approval.yes')}
              </Button>
              <Button variant="default" color="red" leftSection={<X size={14} />} onClick={() => decide.mutate(false)}>
                {t('approval.no')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}
