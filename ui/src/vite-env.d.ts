// SPDX-License-Identifier: Apache-2.0
/// <reference types="vite/client" />
declare module 'echarts/i18n/langKO-obj.js' {
  const texts: Parameters<typeof import('echarts/core').registerLocale>[1];
  // The package exports it this way.
  // oxlint-disable-next-line import/no-default-export
  export default texts;
}
declare module 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
