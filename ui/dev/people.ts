// SPDX-License-Identifier: Apache-2.0
// Invented customers for the mock server: the same index always gives the same person.

const families = [
  '김',
  '이',
  '박',
  '최',
  '정',
  '강',
  '조',
  '윤',
  '장',
  '임',
  '한',
  '오',
  '서',
  '신',
  '권',
  '황',
  '안',
  '송',
];
const first = ['서', '지', '민', '도', '하', '예', '수', '현', '은', '유', '준', '태', '채', '소', '가', '나'];
const second = ['연', '우', '준', '윤', '호', '린', '아', '민', '영', '진', '원', '희', '현', '빈', '경', '솔'];
const regions = [
  ['서울특별시', '강남구', '테헤란로'],
  ['서울특별시', '마포구', '월드컵로'],
  ['경기도', '성남시 분당구', '판교역로'],
  ['부산광역시', '해운대구', '센텀중앙로'],
  ['인천광역시', '연수구', '송도과학로'],
  ['대구광역시', '수성구', '달구벌대로'],
  ['대전광역시', '유성구', '대학로'],
  ['광주광역시', '서구', '상무대로'],
  ['강원특별자치도', '춘천시', '중앙로'],
  ['제주특별자치도', '제주시', '연북로'],
] as const;
const grades = ['일반', '실버', '골드', 'VIP'];
const branches = ['강남점', '홍대점', '판교점', '해운대점', '온라인'];

/** A number from 0 to below `limit`, fixed by its seeds. */
export function pick(seed: number, salt: number, limit: number): number {
  let x = (seed * 2654435761 + salt * 40503) >>> 0;
  x ^= x >>> 15;
  x = Math.imul(x, 2246822519) >>> 0;
  x ^= x >>> 13;
  return (x >>> 0) % limit;
}

const from = <T>(list: readonly T[], seed: number, salt: number): T => list[pick(seed, salt, list.length)] as T;
const two = (n: number) => String(n).padStart(2, '0');
const day = (seed: number, salt: number, year: number, years: number) =>
  `${year + pick(seed, salt, years)}-${two(1 + pick(seed, salt + 1, 12))}-${two(1 + pick(seed, salt + 2, 28))}`;

export type Person = ReturnType<typeof person>;

/** The customer with an id. */
export function person(id: number) {
  const [sido, sigungu, road] = from(regions, id, 5);
  const company = pick(id, 6, 14) === 0;
  const number = `${two(pick(id, 8, 90) + 10)}${two(pick(id, 9, 100))}-${two(pick(id, 10, 100))}${two(pick(id, 11, 100))}`;
  return {
    id,
    kind: company ? 'company' : 'person',
    full_name: company
      ? `(주)${from(['한빛', '누리', '가온', '대한', '새벽'], id, 1)}${from(['유통', '전자', '식품', '화학'], id, 2)}`
      : from(families, id, 1) + from(first, id, 2) + from(second, id, 3),
    mobile: `+8210${number.replace('-', '')}`,
    email: pick(id, 12, 5) === 0 ? '' : `user${id}@example.co.kr`,
    birth_on: company ? '' : day(id, 13, 1948, 58),
    sex: company ? '' : from(['female', 'male'], id, 16),
    postal_code: String(10000 + pick(id, 17, 50000)),
    address: `${sido} ${sigungu} ${road} ${1 + pick(id, 18, 300)}`,
    sido,
    sigungu,
    grade: from(grades, id, 19),
    branch: from(branches, id, 20),
    owner_id: 1 + pick(id, 21, 4),
    joined_on: day(id, 22, 2019, 7),
    memo: '',
    attributes: {
      preferred_size: from(['S', 'M', 'L'], id, 23),
      newsletter: pick(id, 24, 2) === 1,
      points: pick(id, 25, 90000),
    },
    record_count: 1 + pick(id, 26, 4),
    created_at: `${day(id, 27, 2023, 3)}T01:20:00Z`,
    updated_at: `${day(id, 30, 2026, 1)}T05:10:00Z`,
    version: 1,
  };
}

/** Masks as the server does (rulebook 1.12). */
export function masked(p: Person): Person {
  const name = p.kind === 'company' ? p.full_name : `${p.full_name[0]}*${p.full_name.slice(2)}`;
  return {
    ...p,
    full_name: name,
    mobile: `010-****-${p.mobile.slice(-4)}`,
    email: p.email && `${p.email.slice(0, 2)}***@${p.email.split('@')[1]}`,
    birth_on: p.birth_on && `${p.birth_on.slice(0, 4)}-**-**`,
    address: p.address.replace(/ \d+$/, ' ***'),
  };
}
