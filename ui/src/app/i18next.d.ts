// SPDX-License-Identifier: Apache-2.0
import 'i18next';
import type app from './ko.json';
import type campaign from '../campaign/ko.json';
import type consent from '../consent/ko.json';
import type cube from '../cube/ko.json';
import type customer from '../customer/ko.json';
import type dataquality from '../dataquality/ko.json';
import type intake from '../intake/ko.json';
import type mail from '../mail/ko.json';
import type match from '../match/ko.json';
import type mining from '../mining/ko.json';
import type order from '../order/ko.json';
import type performance from '../performance/ko.json';
import type segment from '../segment/ko.json';
import type shared from '../shared/ko.json';
import type team from '../team/ko.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    resources: {
      app: typeof app;
      campaign: typeof campaign;
      consent: typeof consent;
      cube: typeof cube;
      customer: typeof customer;
      dataquality: typeof dataquality;
      intake: typeof intake;
      mail: typeof mail;
      match: typeof match;
      mining: typeof mining;
      order: typeof order;
      performance: typeof performance;
      segment: typeof segment;
      shared: typeof shared;
      team: typeof team;
    };
    returnNull: false;
  }
}
