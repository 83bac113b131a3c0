// SPDX-License-Identifier: Apache-2.0
import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { BookUser, ChartColumn, Inbox, Lightbulb, Megaphone, Upload } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/page';
import { useCan } from '../session';
import classes from './Home.module.css';

const steps = [
  { stage: 'collect', icon: Inbox },
  { stage: 'know', icon: BookUser },
  { stage: 'understand', icon: Lightbulb },
  { stage: 'act', icon: Megaphone },
  { stage: 'measure', icon: ChartColumn },
] as const;

/** An empty installation: what the loop is and where it begins. */
export function FirstSteps() {
  const { t } = useTranslation('app');
  const can = useCan();
  return (
    <Panel>
      <div className={classes.first}>
        <div>
          <h2>{t('home.first.title')}</h2>
          <p>{t('home.first.text')}</p>
        </div>
        <ol className={classes.firstSteps}>
          {steps.map(({ stage, icon: Icon }) => (
            <li key={stage}>
              <Icon size={20} strokeWidth={1.6} aria-hidden />
              <strong>{t(`stage.${stage}`)}</strong>
              <small>{t(`home.first.${stage}`)}</small>
            </li>
          ))}
        </ol>
        {can('customer:import') && (
          <div>
            <Button component={Link} to="/import" leftSection={<Upload size={15} />}>
              {t('home.first.action')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}
