// SPDX-License-Identifier: Apache-2.0
import { masked, person, pick, type Person } from './people.ts';

export interface Ask {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  values?: Record<string, string>;
}
type Answer = (ask: Ask & { values: Record<string, string> }) => { status?: number; body?: unknown };

const ROWS = 1_000_000;
let signedIn = true;
let unmaskUntil: string | undefined;
const edited = new Map<number, Partial<Person>>();

const session = () => ({
  person: { id: 1, name: '하늘', email: 'admin@example.com', roles: ['administrator'], locale: '', scope: 'all' },
  permissions: ['*'],
  company: { name: '모두마트', zone: 'Asia/Seoul', currency: 'KRW' },
  ...(unmaskUntil ? { unmask_until: unmaskUntil, unmask_purpose: '고객 문의 처리' } : {}),
});
const found = (id: number): Person => ({ ...person(id), ...edited.get(id) });
const shown = (id: number): Person => (unmaskUntil ? found(id) : masked(found(id)));
const denied = { status: 401, body: { status: 401, code: 'auth.not_signed_in', detail: 'Sign in first.' } };
const ok = (body: unknown) => ({ body });
const items = (list: unknown[]) => ok({ items: list, next_cursor: '', total: { count: list.length, capped: false } });
const ids = (ask: Ask): number => (ask.query.get('q') ? 37 : ask.query.get('filter') ? 12_480 : ROWS);

function rows(ask: Ask) {
  const offset = Number(ask.query.get('offset') ?? ask.query.get('cursor') ?? 0);
  const limit = Number(ask.query.get('limit') ?? 50);
  const count = ids(ask);
  const list = Array.from({ length: Math.max(0, Math.min(limit, count - offset)) }, (_, i) => shown(offset + i + 1));
  return ok({
    items: list,
    next_cursor: offset + limit < count ? String(offset + limit) : '',
    total: count > 10_000 && count < ROWS ? { count: 10_000, capped: true } : { count, capped: false },
  });
}

const sources = ['회원 시스템', '매장 POS', '온라인몰', '콜센터', '직원 입력'];

function detail(id: number) {
  const p = shown(id);
  const records = Array.from({ length: p.record_count }, (_, i) => ({
    id: id * 10 + i,
    source_id: i + 1,
    source: sources[i] ?? '',
    source_key: `M${1000 + i * 37 + id}`,
    kind: 'customer',
    batch_id: 3,
    row_number: 10 + i,
    received_at: `2026-0${1 + i}-11T02:00:00Z`,
    linked_at: `2026-0${1 + i}-11T02:00:05Z`,
    reason: i === 0 ? 'new' : 'email+name',
    given: { 이름: p.full_name, 휴대폰: p.mobile, 주소: p.address, 등급: p.grade },
    values: { full_name: p.full_name, mobile: p.mobile, address: p.address, grade: p.grade },
    findings:
      i === 1 ? [{ field: 'address', rule: 'F-ADDR-3', message: '건물번호가 없습니다', severity: 'warning' }] : [],
  }));
  const provenance = Object.fromEntries(
    [
      'full_name',
      'mobile',
      'email',
      'birth_on',
      'sex',
      'address',
      'postal_code',
      'sido',
      'sigungu',
      'grade',
      'branch',
      'joined_on',
    ].map((field, i) => {
      const record = records[i % records.length];
      return [
        field,
        {
          record_id: record?.id,
          source: record?.source,
          at: record?.received_at,
          rule: ['trust', 'recency', 'only', 'pinned'][i % 4],
        },
      ];
    }),
  );
  return {
    ...p,
    provenance,
    pins: {},
    keys: records.map((r, i) => ({
      scheme: ['member_no', 'card', 'shop_id', 'phone'][i % 4],
      label: ['회원번호', '카드번호', '쇼핑몰 ID', '전화'][i % 4],
      value: r.source_key,
      record_id: r.id,
    })),
    records,
    relations: [{ id: 1, other_id: id + 1, other_name: shown(id + 1).full_name, kind: 'spouse', note: '' }],
    highlights: {
      revenue: 1_284_000 + pick(id, 40, 900000),
      orders: 12,
      last_order_at: '2026-11-02T03:00:00Z',
      first_order_at: '2024-03-02T03:00:00Z',
      currency: 'KRW',
    },
  };
}

const timeline = (id: number) =>
  Array.from({ length: 40 }, (_, i) => {
    const kind = ['order', 'campaign', 'consent', 'change', 'record'][i % 5] ?? 'order';
    return {
      id: `${kind}:${i}`,
      at: new Date(Date.UTC(2026, 10, 20) - i * 4.3 * 86_400_000 - id * 1000).toISOString(),
      kind,
      title:
        {
          order: '주문 3건',
          campaign: '가을 감사 이메일',
          consent: '이메일 수신동의',
          change: '등급 변경',
          record: '온라인몰 기록 연결',
        }[kind] ?? kind,
      detail: kind === 'order' ? '강남점 · 원두커피 외 2' : '',
      amount: kind === 'order' ? 42_000 + i * 1300 : undefined,
      currency: 'KRW',
    };
  });

const attributes = [
  {
    id: 1,
    name: 'preferred_size',
    label_ko: '선호 사이즈',
    label_en: 'Preferred size',
    type: 'choice',
    choices: ['S', 'M', 'L'],
    searchable: true,
    is_personal: false,
    entity: 'customer',
    created_at: '2026-05-01T00:00:00Z',
    version: 1,
  },
  {
    id: 2,
    name: 'newsletter',
    label_ko: '소식지',
    label_en: 'Newsletter',
    type: 'boolean',
    choices: [],
    searchable: false,
    is_personal: false,
    entity: 'customer',
    created_at: '2026-05-01T00:00:00Z',
    version: 1,
  },
  {
    id: 3,
    name: 'points',
    label_ko: '적립금',
    label_en: 'Points',
    type: 'integer',
    choices: [],
    searchable: false,
    is_personal: false,
    entity: 'customer',
    created_at: '2026-05-01T00:00:00Z',
    version: 1,
  },
];
const views = [
  {
    id: 1,
    name: 'VIP',
    entity: 'customer',
    is_shared: true,
    is_default: false,
    owner_id: 1,
    settings: { filter: { op: 'and', rules: [{ field: 'grade', is: 'in', value: ['VIP'] }] } },
    version: 1,
  },
  {
    id: 2,
    name: '서울 골드',
    entity: 'customer',
    is_shared: false,
    is_default: false,
    owner_id: 1,
    settings: { sort: '-updated_at' },
    version: 1,
  },
];
const months = [
  '2026-01',
  '2026-02',
  '2026-03',
  '2026-04',
  '2026-05',
  '2026-06',
  '2026-07',
  '2026-08',
  '2026-09',
  '2026-10',
];

export const answers: [string, Answer][] = [
  ['GET /api/session', () => (signedIn ? ok(session()) : denied)],
  ['GET /api/session/hint', () => ok({ company: '모두마트', demo: { email: 'admin@example.com', password: 'demo' } })],
  [
    'POST /api/session',
    ({ body }) => {
      if (body.password !== 'demo')
        return {
          status: 401,
          body: { status: 401, code: 'auth.wrong_password', detail: 'E-mail or password is wrong.' },
        };
      signedIn = true;
      return ok(session());
    },
  ],
  ['PATCH /api/session', () => ok(session())],
  [
    'DELETE /api/session',
    () => {
      signedIn = false;
      return { status: 204 };
    },
  ],
  [
    'POST /api/session/unmask',
    () => {
      unmaskUntil = new Date(Date.now() + 30 * 60_000).toISOString();
      return ok({ unmask_until: unmaskUntil });
    },
  ],
  [
    'DELETE /api/session/unmask',
    () => {
      unmaskUntil = undefined;
      return { status: 204 };
    },
  ],
  ['GET /api/customers', rows],
  ['GET /api/customers/window', rows],
  ['GET /api/customers/count', (ask) => ok({ count: ids(ask), capped: false })],
  [
    'GET /api/customers/suggest',
    ({ query }) =>
      ok({
        items: query.get('q')
          ? [3, 4, 5].map((id) => ({
              id,
              full_name: shown(id).full_name,
              hint: `${shown(id).mobile} · ${shown(id).sido}`,
            }))
          : [],
      }),
  ],
  ['POST /api/customers', ({ body }) => ok({ ...person(7), ...body })],
  ['GET /api/customers/{id}', ({ values }) => ok(detail(Number(values.id)))],
  [
    'PATCH /api/customers/{id}',
    ({ values, body }) => {
      const id = Number(values.id);
      edited.set(id, { ...edited.get(id), ...body });
      return ok({ ...shown(id), entry_id: 9 });
    },
  ],
  [
    'POST /api/customers/{id}/undo',
    ({ values }) => {
      edited.delete(Number(values.id));
      return ok(detail(Number(values.id)));
    },
  ],
  ['GET /api/customers/{id}/timeline', ({ values }) => items(timeline(Number(values.id)))],
  ['GET /api/customers/{id}/records', ({ values }) => items(detail(Number(values.id)).records)],
  [
    'GET /api/customers/{id}/orders',
    () =>
      items(
        Array.from({ length: 12 }, (_, i) => ({
          id: i + 1,
          order_key: `O-2026-${100 + i}`,
          ordered_at: `2026-${String(1 + (i % 11)).padStart(2, '0')}-14T05:00:00Z`,
          channel: i % 2 ? '온라인' : '매장',
          store: '강남점',
          status: i === 3 ? 'returned' : 'paid',
          amount: 32_000 + i * 4100,
          currency: 'KRW',
          line_count: 1 + (i % 4),
        })),
      ),
  ],
  ['GET /api/customers/{id}/consents', () => items([])],
  ['POST /api/customers/{id}/pin', ({ values }) => ok(detail(Number(values.id)))],
  ['POST /api/customers/{id}/unmerge', ({ values }) => ok(detail(Number(values.id)))],
  ['POST /api/customers/merge', ({ body }) => ok(detail(Number(body.survivor_id)))],
  ['GET /api/attributes', () => items(attributes)],
  ['GET /api/views', () => items(views)],
  [
    'GET /api/jobs',
    ({ query }) =>
      items(
        query.get('state') === 'running'
          ? [
              {
                id: 4,
                kind: 'intake.run',
                state: 'running',
                done: 42_000,
                total: 100_000,
                note: '',
                created_at: '2026-11-21T01:00:00Z',
              },
            ]
          : [],
      ),
  ],
  [
    'POST /api/cube/query',
    () =>
      ok({
        columns: ['order.month', 'order.revenue'],
        rows: months.map((m, i) => [m, 48_000_000 + i * 3_100_000]),
        as_of: { at: new Date().toISOString(), seq: 12 },
      }),
  ],
];
