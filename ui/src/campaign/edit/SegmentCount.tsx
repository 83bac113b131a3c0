// SPDX-License-Identifier: Apache-2.0
import { Anchor } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { Panel, Query, Stat } from '@/shared/page';
import { segmentCountQuery, type SegmentChoice } from '../api';
import styles from './Edit.module.css';

/** The chosen segment: how many answer its rules now, and who some of them are. */
export function SegmentCount({ segment }: { segment: SegmentChoice }) {
  const { t } = useTranslation('campaign');
  const { number, percent, dateTime } = useFormat();
  const result = useQuery(segmentCountQuery(segment.rules));
  return (
    <Panel
      title={segment.name}
      actions={
        <Anchor renderRoot={(props) => <Link to="/segments/$id" params={{ id: String(segment.id) }} {...props} />}>
          {t('edit.openSegment')}
        </Anchor>
      }
    >
      <Query result={result} lines={3}>
        {({ count, total, as_of: asOf, sample }) => (
          <div className={styles.form}>
            <Stat
              label={t('edit.countNow')}
              value={t('people', { count, shown: number(count) })}
              note={`${total > 0 ? t('edit.shareOf', { share: percent(count / total) }) : ''} · ${t('asOf', { at: dateTime(asOf.at) })}`}
            />
            {sample && sample.length > 0 && (
              <ul className={styles.sample}>
                {sample.slice(0, 8).map((person) => (
                  <li key={person.id}>
                    <span>{person.full_name ?? `#${person.id}`}</span>
                    <span className="dim">{[person.grade, person.sido].filter(Boolean).join(' · ')}</span>
                  </li>
                ))}
              </ul>
            )}
            <p className="dim" style={{ margin: 0 }}>
              {t('edit.gateLater')}
            </p>
          </div>
        )}
      </Query>
    </Panel>
  );
}
