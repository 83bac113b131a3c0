// SPDX-License-Identifier: Apache-2.0
import { currentLanguage } from '@/app/i18n';
import type { TemplateDraft } from '../api';

/** What a new template can start from. */
export const starters = ['blank', 'offer', 'notice'] as const;
export type Starter = (typeof starters)[number];

const frame = (inside: string) => `<!doctype html>
<html>
<body style="margin:0;background:#f4f5f7;font-family:'Apple SD Gothic Neo','Malgun Gothic',sans-serif;color:#1c2024">
  <table role="presentation" width="100%" cellpadding="0" cellspacing="0">
    <tr>
      <td align="center" style="padding:24px 12px">
        <table role="presentation" width="560" cellpadding="0" cellspacing="0" style="max-width:560px;width:100%;background:#ffffff;border-radius:12px">
          <tr>
            <td style="padding:32px 28px;font-size:15px;line-height:1.7">
${inside}
            </td>
          </tr>
        </table>
      </td>
    </tr>
  </table>
</body>
</html>
`;

const button = (text: string) =>
  `              <p style="margin:24px 0"><a href="https://www.example.com/" style="display:inline-block;padding:12px 22px;border-radius:8px;background:#3e63dd;color:#ffffff;text-decoration:none">${text}</a></p>`;

const texts = {
  ko: {
    offer: {
      subject: '{{name | default "고객"}}님께 드리는 이번 주 혜택',
      lines: [
        '{{name | default "고객"}}님, 안녕하세요.',
        '자주 찾으시는 상품을 이번 주에만 더 좋은 값에 준비했습니다.',
      ],
      button: '혜택 보기',
    },
    notice: {
      subject: '{{name | default "고객"}}님, 회원 등급이 바뀌었습니다',
      lines: [
        '{{name | default "고객"}}님, 안녕하세요.',
        '회원 등급이 {{grade | default "일반"}}{{josa "으로/로"}} 바뀌어 알려 드립니다.',
      ],
      button: '내 등급 보기',
    },
  },
  en: {
    offer: {
      subject: 'This week for {{name | default "you"}}',
      lines: ['Dear {{name | default "customer"}},', 'The goods you like best are at a better price this week.'],
      button: 'See the offer',
    },
    notice: {
      subject: 'Your membership grade has changed',
      lines: ['Dear {{name | default "customer"}},', 'Your membership grade is now {{grade | default "Basic"}}.'],
      button: 'See my grade',
    },
  },
} as const;

/** The draft that a new template starts with. */
export function startDraft(starter: Starter, name: string): TemplateDraft {
  const empty: TemplateDraft = {
    name,
    class: 'ad',
    sender: '',
    category: '',
    reason: '',
    subject: '',
    html: '',
    text: '',
    missing: 'skip',
  };
  if (starter === 'blank') return { ...empty, html: frame('              <p></p>') };
  const { subject, lines, button: label } = texts[currentLanguage()][starter];
  const paragraphs = lines.map((line) => `              <p style="margin:0 0 12px">${line}</p>`);
  return {
    ...empty,
    class: starter === 'notice' ? 'informational' : 'ad',
    subject,
    html: frame([...paragraphs, button(label)].join('\n')),
    text: `${lines.join('\n\n')}\n\n${label}: https://www.example.com/\n`,
  };
}
