// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel } from '@/shared/page';
import type { Campaign } from '../api';
import styles from './Run.module.css';
import { UnknownDecision } from './UnknownDecision';

/** The parts of the bar, in the order of a message's way; what waits is drawn last. */
const parts = ['handed_over', 'delivered', 'bounced', 'failed', 'unknown', 'cancelled', 'leased', 'planned'] as const;

/** The ledger of a campaign: where every message stands, with honest words for what is not known. */
export function Ledger({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign');
  const { number, percent, duration } = useFormat();
  const { counts, state } = campaign;
  const all = parts.reduce((sum, part) => sum + counts[part], 0);
  const left = counts.planned + counts.leased;
  const rate = campaign.rate ?? 0;
  const share = (count: number) => (all > 0 ? percent(count / all, count / all < 0.01 && count > 0 ? 2 : 1) : '');
  return (
    <Panel
      title={t('run.ledger')}
      aside={
        state === 'running' && rate > 0
          ? `${t('run.rate', { rate: number(rate) })} · ${t('run.left', { time: duration(left / rate) })}`
          : undefined
      }
    >
      <div
        className={styles.bar}
        role="progressbar"
        aria-label={t('run.ledger')}
        aria-valuemin={0}
        aria-valuemax={all}
        aria-valuenow={all - left}
      >
        {parts
          .filter((part) => counts[part] > 0)
          .map((part) => (
            <span key={part} data-part={part} style={{ flexGrow: counts[part] }} title={t(`ledger.${part}`)} />
          ))}
      </div>
      <dl className={styles.counts}>
        {parts.map((part) => (
          <div key={part} data-part={part} data-zero={counts[part] === 0 || undefined}>
            <dt>
              <i aria-hidden />
              {t(`ledger.${part}`)}
            </dt>
            <dd>{number(counts[part])}</dd>
            <dd data-note>{share(counts[part])}</dd>
          </div>
        ))}
        <div data-part="control">
          <dt>
            <i aria-hidden />
            {t('ledger.control')}
          </dt>
          <dd>{number(counts.control)}</dd>
          <dd data-note>{t('ledger.controlNote')}</dd>
        </div>
        <div data-part="skipped" data-zero={counts.skipped === 0 || undefined}>
          <dt>
            <i aria-hidden />
            {t('ledger.skipped')}
          </dt>
          <dd>{number(counts.skipped)}</dd>
          <dd data-note>{t('ledger.skippedNote')}</dd>
        </div>
        {(
          [
            ['opened', counts.opened, 'opened'],
            ['machine_opened', counts.machine_opened, 'machineOpened'],
            ['read', counts.read, 'read'],
          ] as const
        ).map(([part, count, word]) => (
          <div key={part} data-part={part} data-zero={count === 0 || undefined}>
            <dt>{t(`ledger.${word}`)}</dt>
            <dd>{number(count)}</dd>
            <dd data-note>{t(`ledger.${word}Note`)}</dd>
          </div>
        ))}
        <div data-part="clicked">
          <dt>{t('ledger.clicked')}</dt>
          <dd>{number(counts.clicked)}</dd>
          <dd data-note>{t('ledger.clickedNote')}</dd>
        </div>
        <div data-part="unsubscribed">
          <dt>{t('ledger.unsubscribed')}</dt>
          <dd>{number(counts.unsubscribed)}</dd>
        </div>
      </dl>
      {counts.unknown > 0 && (
        <div className={styles.unknown}>
          {t('ledger.unknownText', { shown: number(counts.unknown) })}
          <UnknownDecision campaign={campaign} />
        </div>
      )}
    </Panel>
  );
}
