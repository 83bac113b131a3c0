// SPDX-License-Identifier: Apache-2.0

/** Small files that show what can be loaded; UTF-8 with BOM, as Korean Excel wants it. */
const samples = {
  customers: [
    [
      '회원번호',
      '이름',
      '휴대전화',
      '이메일',
      '생년월일',
      '성별',
      '우편번호',
      '주소',
      '등급',
      '이메일수신동의',
      '동의일',
    ],
    [
      'M000000001',
      '김단골',
      '010-1234-5678',
      'dangol.kim@example.com',
      '1988-03-14',
      '여',
      '06236',
      '서울특별시 강남구 테헤란로 152',
      '골드',
      'Y',
      '2026-05-02',
    ],
    [
      'M000000002',
      '이새봄',
      '010-2345-6789',
      '',
      '1995-11-02',
      '남',
      '48058',
      '부산광역시 해운대구 센텀로 1',
      '실버',
      'N',
      '',
    ],
  ],
  transactions: [
    ['주문번호', '주문일시', '회원번호', '상품코드', '상품명', '수량', '결제금액', '주문상태'],
    ['A-20260901-001', '2026-09-01 10:24', 'M000000001', 'P-100', '유기농 현미 4kg', '1', '23900', '결제완료'],
    ['A-20260901-001', '2026-09-01 10:24', 'M000000001', 'P-211', '들기름 320ml', '2', '31000', '결제완료'],
  ],
} as const;

/** The kinds that have a sample file. */
export const sampleKinds = Object.keys(samples) as (keyof typeof samples)[];

/** Saves a sample file. */
export function saveSample(kind: keyof typeof samples, name: string): void {
  const text = samples[kind].map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n');
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob(['\ufeff', text, '\r\n'], { type: 'text/csv' }));
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
