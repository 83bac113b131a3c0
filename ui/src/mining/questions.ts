// SPDX-License-Identifier: Apache-2.0
import { ChartSpline, Grid3x3, type LucideIcon } from 'lucide-react';

/** A question of the gallery; `key` names its words below mining:gallery.questions. */
export interface Question {
  key: string;
  to: string;
  icon: LucideIcon;
  /** Groups the questions: worth, behaviour, future. */
  about: 'worth' | 'behaviour' | 'future';
}

/** What the product can be asked; a new model adds its question here. */
export const questions = [
  { key: 'pareto', to: '/pareto', icon: ChartSpline, about: 'worth' },
  { key: 'rfm', to: '/rfm', icon: Grid3x3, about: 'behaviour' },
] as const satisfies readonly Question[];
