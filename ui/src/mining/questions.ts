// SPDX-License-Identifier: Apache-2.0
import {
  ArrowLeftRight,
  ChartLine,
  ChartSpline,
  Gem,
  Grid3x3,
  Hourglass,
  ListChecks,
  Magnet,
  Medal,
  Radar,
  Route,
  Scale,
  Shapes,
  ShieldCheck,
  ShoppingBasket,
  Sigma,
  Sparkles,
  UserSearch,
  UsersRound,
  Waypoints,
  Wallet,
  type LucideIcon,
} from 'lucide-react';

/** A question of the gallery; `key` names its words below mining:gallery.questions. */
export interface Question {
  key: string;
  to: string;
  /** The view of the page, where it has several. */
  search?: { view: 'movement' };
  icon: LucideIcon;
  /** Groups the questions: worth, behaviour, future. */
  about: 'worth' | 'behaviour' | 'future';
}

/** What the product can be asked; a new model adds its question here. */
export const questions = [
  { key: 'worth', to: '/value', icon: Gem, about: 'worth' },
  { key: 'pareto', to: '/pareto', icon: ChartSpline, about: 'worth' },
  { key: 'retention', to: '/value/retention', icon: ShieldCheck, about: 'worth' },
  { key: 'share', to: '/share', icon: Wallet, about: 'worth' },
  { key: 'verdict', to: '/verdict', icon: Scale, about: 'worth' },
  { key: 'rfm', to: '/rfm', icon: Grid3x3, about: 'behaviour' },
  { key: 'grade', to: '/grades', icon: Medal, about: 'worth' },
  { key: 'stages', to: '/value/stages', icon: Route, about: 'behaviour' },
  { key: 'movement', to: '/rfm', search: { view: 'movement' }, icon: ArrowLeftRight, about: 'behaviour' },
  { key: 'cohorts', to: '/value/cohorts', icon: Hourglass, about: 'behaviour' },
  { key: 'basket', to: '/basket', icon: ShoppingBasket, about: 'behaviour' },
  { key: 'profile', to: '/profile', icon: UserSearch, about: 'behaviour' },
  { key: 'statistics', to: '/statistics', icon: Sigma, about: 'behaviour' },
  { key: 'cluster', to: '/cluster', icon: Shapes, about: 'behaviour' },
  { key: 'prediction', to: '/prediction', icon: Radar, about: 'future' },
  { key: 'lookalike', to: '/lookalikes', icon: UsersRound, about: 'future' },
  { key: 'scorecard', to: '/scorecards', icon: ListChecks, about: 'future' },
  { key: 'recommendation', to: '/recommendation', icon: Sparkles, about: 'future' },
  { key: 'uplift', to: '/uplift', icon: Magnet, about: 'future' },
  { key: 'forecast', to: '/forecast', icon: ChartLine, about: 'future' },
  { key: 'chaos', to: '/chaos', icon: Waypoints, about: 'future' },
] as const satisfies readonly Question[];
