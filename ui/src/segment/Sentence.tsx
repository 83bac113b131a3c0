// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { completeRules, sentenceOf, type Catalogue, type GroupRule } from '@/shared/filter';
import classes from './Segment.module.css';

/** The rules as a sentence, in the language of the screen. */
export function Sentence({ rules, catalogue }: { rules: GroupRule; catalogue: Catalogue }) {
  const { t } = useTranslation('segment');
  return (
    <p className={classes.sentence} data-testid="segment-sentence" aria-label={t('sentence')}>
      {sentenceOf(completeRules(rules), catalogue)}
    </p>
  );
}
