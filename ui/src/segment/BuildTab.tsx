// SPDX-License-Identifier: Apache-2.0
import { Textarea, TextInput } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { RuleTree, type Catalogue, type GroupRule } from '@/shared/filter';
import { Panel } from '@/shared/page';
import type { Preview } from './api';
import { LiveCount } from './LiveCount';
import { Sentence } from './Sentence';
import classes from './Segment.module.css';

interface BuildTabProps {
  catalogue: Catalogue;
  name: string;
  setName: (name: string) => void;
  description: string;
  setDescription: (description: string) => void;
  rules: GroupRule;
  setRules: (rules: GroupRule) => void;
  readOnly: boolean;
  isNew: boolean;
  preview: UseQueryResult<Preview>;
}

/** Name and rules, with what they say and whom they find beside them. */
export function BuildTab(props: BuildTabProps) {
  const { catalogue, name, setName, description, setDescription, rules, setRules, readOnly, isNew, preview } = props;
  const { t } = useTranslation('segment');
  return (
    <div className={classes.split}>
      <div className={classes.main}>
        <Panel>
          <div className={classes.main}>
            <TextInput
              label={t('name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              maxLength={100}
              data-autofocus={isNew || undefined}
              readOnly={readOnly}
            />
            <Textarea
              label={t('description')}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
              autosize
              maxLength={500}
              readOnly={readOnly}
            />
          </div>
        </Panel>
        <Panel title={t('rules')}>
          <Sentence rules={rules} catalogue={catalogue} />
          <RuleTree catalogue={catalogue} value={rules} onChange={setRules} />
        </Panel>
      </div>
      <LiveCount result={preview} />
    </div>
  );
}
