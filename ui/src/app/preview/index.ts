// SPDX-License-Identifier: Apache-2.0
export { MailPreview } from './MailPreview';
export { openTestMail } from './TestMail';
export { useMailPreview, type PreviewOf, type Remark, type Rendered } from './useMailPreview';
