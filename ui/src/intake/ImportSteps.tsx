// SPDX-License-Identifier: Apache-2.0
import { useTranslation } from 'react-i18next';
import { Steps } from '@/shared/page';

const order = ['file', 'map', 'check', 'load'] as const;
export type ImportStep = (typeof order)[number];

interface ImportStepsProps {
  current: ImportStep;
  /** True when the last step is behind as well. */
  finished?: boolean;
  onStep?: (step: ImportStep) => void;
  canGo?: (step: ImportStep) => boolean;
}

/** The four steps of every import, the same on all its pages. */
export function ImportSteps({ current, finished, onStep, canGo }: ImportStepsProps) {
  const { t } = useTranslation('intake');
  const at = order.indexOf(current);
  return (
    <Steps
      label={t('step.label')}
      steps={order.map((id, i) => ({
        id,
        label: t(`step.${id}`),
        state: i < at || finished ? 'done' : i === at ? 'current' : 'ahead',
      }))}
      onStep={onStep}
      canGo={canGo}
    />
  );
}
