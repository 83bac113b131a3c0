// SPDX-License-Identifier: Apache-2.0
import { Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { UserSearch } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/shared/format';
import { EmptyState, Panel, SimpleTable, Stat } from '@/shared/page';
import { FindingMenu } from './actions';
import classes from './Finding.module.css';
import { choicesQuery, rfmGroups, type Portrayal } from './findingApi';
import { FindingFrame } from './FindingFrame';
import { useLevelName } from './useColumnName';

const kinds = ['category', 'product', 'group', 'grade'] as const;

/** Who the buyers of a product, or the members of a group, are. */
export function ProfilePage() {
  const { t } = useTranslation('mining');
  const choices = useQuery(choicesQuery);
  const [of, setOf] = useState<(typeof kinds)[number]>('category');
  const [value, setValue] = useState<string | null>(null);
  const offered = {
    category: choices.data?.categories ?? [],
    product: choices.data?.products ?? [],
    grade: choices.data?.grades ?? [],
    group: rfmGroups.map((g) => ({ value: g, label: t(`finding.groups.${g}`) })),
  };
  return (
    <FindingFrame<Portrayal>
      kind="profile"
      icon={UserSearch}
      settings={value ? { of, value, months: 12 } : undefined}
      form={
        <>
          <Select
            label={t('finding.profile.of')}
            data={kinds.map((k) => ({ value: k, label: t(`finding.${k}`) }))}
            value={of}
            allowDeselect={false}
            onChange={(k) => {
              if (!k) return;
              setOf(k as (typeof kinds)[number]);
              setValue(null);
            }}
            w={150}
          />
          <Select label={t(`finding.${of}`)} searchable data={offered[of]} value={value} onChange={setValue} w={260} />
        </>
      }
    >
      {(result) => <ProfileResult result={result} />}
    </FindingFrame>
  );
}

function ProfileResult({ result }: { result: Portrayal }) {
  const { t, i18n } = useTranslation('mining');
  const { number, percent } = useFormat();
  const isKorean = i18n.language.startsWith('ko');
  const level = useLevelName();
  const rows = result.rules.map((rule, i) => ({
    ...rule,
    i,
    words: result.sentences?.[i],
    tree: result.segments?.[i],
  }));
  if (rows.length === 0) {
    return <EmptyState icon={UserSearch} title={t('finding.profile.noneTitle')} text={t('finding.profile.noneText')} />;
  }
  return (
    <div className={classes.stack}>
      <div className={classes.words}>
        {rows.slice(0, 3).map((row) => (
          <p key={row.i}>{isKorean ? row.words?.ko : row.words?.en}</p>
        ))}
      </div>
      <div className={classes.stats}>
        <Stat
          label={level(result.settings.of === 'group' ? 'rfm_segment' : result.settings.of, result.settings.value)}
          value={number(result.hits)}
          note={percent(result.rate)}
        />
        <Stat label={t('finding.profile.looked')} value={number(result.combinations_looked_at)} />
        <Stat
          label={t('finding.profile.held')}
          value={`${number(result.rules_tested - result.rules_that_failed)} / ${number(result.rules_tested)}`}
        />
      </div>
      <Panel title={t('finding.profile.rules')} flush>
        <SimpleTable
          label={t('finding.profile.rules')}
          rows={rows}
          rowKey={(row) => row.i}
          columns={[
            {
              id: 'w',
              header: t('finding.profile.sentence'),
              cell: (row) => (isKorean ? row.words?.ko : row.words?.en),
            },
            {
              id: 'x',
              header: t('finding.lift'),
              align: 'end',
              cell: (row) => (
                <span className="num" title={`${number(row.lift_low, 2)} – ${number(row.lift_high, 2)}`}>
                  {number(row.lift, 2)}
                </span>
              ),
            },
            {
              id: 'a',
              header: '',
              align: 'end',
              cell: (row) =>
                row.tree && (
                  <FindingMenu
                    name={t('finding.profile.people', {
                      value: level(
                        result.settings.of === 'group' ? 'rfm_segment' : result.settings.of,
                        result.settings.value,
                      ),
                      n: row.i + 1,
                    })}
                    rules={row.tree.rules}
                    category={result.settings.of === 'category' ? result.settings.value : undefined}
                  />
                ),
            },
          ]}
        />
      </Panel>
    </div>
  );
}
