// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useShortcuts } from '@/app/shortcuts';
import { Query, SidePeek } from '@/shared/page';
import { customerQuery } from '../api';
import { Highlights } from '../page/Highlights';
import { Profile } from '../page/Profile';
import { Timeline } from '../page/Timeline';
import classes from './CustomerPeek.module.css';

interface CustomerPeekProps {
  id: number;
  onClose: () => void;
  onOpen: () => void;
  onPrevious?: () => void;
  onNext?: () => void;
}

/** A customer beside the list; the arrows walk the list. */
export function CustomerPeek({ id, onClose, onOpen, onPrevious, onNext }: CustomerPeekProps) {
  const { t } = useTranslation('customer');
  const result = useQuery(customerQuery(id));
  useShortcuts(t('peek'), [{ keys: 'o', label: t('openPage'), run: onOpen }]);
  return (
    <SidePeek label={t('peek')} onClose={onClose} onOpen={onOpen} onPrevious={onPrevious} onNext={onNext}>
      <Query result={result}>
        {(customer) => (
          <div className={classes.peek}>
            <Highlights customer={customer} compact />
            <Profile customer={customer} compact />
            <h3 className={classes.title}>{t('tab.timeline')}</h3>
            <Timeline customerId={customer.id} compact />
          </div>
        )}
      </Query>
    </SidePeek>
  );
}
