// SPDX-License-Identifier: Apache-2.0
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus, Search, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { matchesHangul, useFormat } from '@/shared/format';
import { EmptyState, Panel, Query } from '@/shared/page';
import { segmentsQuery } from '../api';
import { Choices } from './Choices';
import { SegmentCount } from './SegmentCount';
import type { Editor } from './useEditor';
import styles from './Edit.module.css';

const MANY = 8;

/** Step 2: whom the campaign is for, with a count that is made now. */
export function AudienceStep({ editor: { draft, change } }: { editor: Editor }) {
  const { t } = useTranslation('campaign');
  const { number } = useFormat();
  const can = useCan();
  const result = useQuery(segmentsQuery);
  const [find, setFind] = useState('');
  const chosen = result.data?.items.find((segment) => segment.id === draft.segment_id);
  const create = can('segment:create') && (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<Plus size={13} />}
      renderRoot={(props) => <Link to="/segments/$id" params={{ id: '0' }} {...props} />}
    >
      {t('edit.newSegment')}
    </Button>
  );
  return (
    <div className={styles.split}>
      <Panel title={t('edit.step.audience')} actions={create}>
        <Query result={result}>
          {({ items }) =>
            items.length === 0 ? (
              <EmptyState icon={UsersRound} title={t('edit.noSegments')} text={t('edit.noSegmentsText')} />
            ) : (
              <div className={styles.form}>
                {items.length > MANY && (
                  <TextInput
                    leftSection={<Search size={14} />}
                    placeholder={t('edit.findSegment')}
                    aria-label={t('edit.findSegment')}
                    value={find}
                    onChange={(event) => setFind(event.currentTarget.value)}
                  />
                )}
                <Choices
                  tall
                  label={t('edit.segment')}
                  value={draft.segment_id ? String(draft.segment_id) : null}
                  onChange={(id) => change({ segment_id: Number(id) })}
                  choices={items
                    .filter((segment) => matchesHangul(segment.name, find) || segment.id === draft.segment_id)
                    .map((segment) => ({
                      value: String(segment.id),
                      label: segment.name,
                      hint: segment.description,
                      aside: segment.count !== undefined && (
                        <span className="num dim">
                          {t('people', { count: segment.count, shown: number(segment.count) })}
                        </span>
                      ),
                    }))}
                />
              </div>
            )
          }
        </Query>
      </Panel>
      {chosen && <SegmentCount key={chosen.id} segment={chosen} />}
    </div>
  );
}
