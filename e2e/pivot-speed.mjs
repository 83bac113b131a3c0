// SPDX-License-Identifier: Apache-2.0
// Measures a pivot of 100,000 cells in the browser: from the answer's arrival to the first paint of the table,
// and frames a second while scrolling down and across. Needs a running server and its sign-in page of the demo:
//   node e2e/pivot-speed.mjs http://127.0.0.1:8080
// The answer is made here, so that the figure is the page's and not the database's.
import { chromium } from 'playwright';

const base = process.argv[2] ?? 'http://127.0.0.1:8080';
const ROWS = 1000;
const COLUMNS = 100;

const answer = () => {
  const label = (ko, en) => ({ ko, en });
  const months = Array.from({ length: COLUMNS }, (_, i) => `${2018 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`);
  const rows = [];
  const totals = { rows: [], columns: [], grand: [null, null, 0] };
  for (let r = 0; r < ROWS; r++) {
    for (const month of months) rows.push([`상품 ${r}`, month, ((r * 7919 + rows.length * 104729) % 9_000_000) + 10_000]);
    totals.rows.push([`상품 ${r}`, null, 450_000_000]);
  }
  for (const month of months) totals.columns.push([null, month, 4_500_000_000]);
  return {
    columns: [
      { name: 'product.brand', role: 'row', label: label('브랜드', 'Brand'), kind: 'choice' },
      { name: 'order.month', role: 'column', label: label('주문 월', 'Month'), kind: 'time', unit: 'month' },
      { name: 'order.revenue', role: 'measure', label: label('매출', 'Revenue'), kind: 'money', currency: 'KRW' },
    ],
    rows, totals, row_count: ROWS, truncated: false, currency: 'KRW', as_of: { seq: 1, at: new Date().toISOString() }, ms: 1, cached: false,
    explain: { engine: 'duckdb', why: 'made for measuring' },
  };
};

const browser = await chromium.launch({ executablePath: process.env.DANGOL_CHROMIUM ?? '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ locale: 'ko-KR', viewport: { width: 1440, height: 900 } });
await page.goto(`${base}/signin`);
await page.getByRole('button', { name: '바로 들어가기' }).click();
await page.waitForURL((url) => !url.pathname.includes('signin'));
const body = JSON.stringify(answer());
await page.route('**/api/cube/query', (route) => route.fulfill({ contentType: 'application/json', body }));
await page.addInitScript(() => {
  // The clock starts when the whole answer is in the browser and ends in the frame after cells are in the page.
  const original = Response.prototype.json;
  Response.prototype.json = async function () {
    if (!this.url.includes('/api/cube/query')) return original.call(this);
    const text = await this.text();
    window.arrived ??= performance.now();
    return JSON.parse(text);
  };
  const watch = () => {
    if (window.arrived && document.querySelector('[data-r="0"][data-c="0"]')) requestAnimationFrame(() => setTimeout(() => (window.painted ??= performance.now())));
    else requestAnimationFrame(watch);
  };
  requestAnimationFrame(watch);
});
const q = { measures: ['order.revenue'], dimensions: ['product.brand'], columns: ['order.month'] };
const paints = [];
for (let i = 0; i < 3; i++) {
  await page.goto(`${base}/pivot?q=${encodeURIComponent(JSON.stringify(q))}&shape=table`);
  await page.waitForFunction(() => window.painted);
  paints.push(await page.evaluate(() => window.painted - window.arrived));
}
console.error(JSON.stringify(paints.map(Math.round)));
const frames = await page.evaluate(async () => {
  const box = document.querySelector('[role="region"][aria-label="피벗 표"]');
  const run = (move) =>
    new Promise((done) => {
      const times = [];
      let last;
      let n = 0;
      const step = (now) => {
        if (last !== undefined) times.push(now - last);
        last = now;
        if (n++ >= 240) return done(times);
        move();
        requestAnimationFrame(step);
      };
      requestAnimationFrame(step);
    });
  const down = await run(() => (box.scrollTop += 120));
  const across = await run(() => (box.scrollLeft += 40));
  return { down, across, nodes: document.querySelectorAll('*').length };
});
const summary = (times) => {
  const sorted = [...times].sort((a, b) => a - b);
  const mean = times.reduce((a, b) => a + b, 0) / times.length;
  const at = (share) => sorted[Math.floor((sorted.length - 1) * share)].toFixed(1);
  return { fps: (1000 / mean).toFixed(1), p50_ms: at(0.5), p95_ms: at(0.95), max_ms: at(1) };
};
paints.sort((a, b) => a - b);
console.log(JSON.stringify({ cells: ROWS * COLUMNS, first_paint_ms: { median: paints[1].toFixed(0), worst: paints[2].toFixed(0) }, down: summary(frames.down), across: summary(frames.across), dom_nodes: frames.nodes }, null, 2));
await browser.close();
