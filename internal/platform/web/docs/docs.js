// SPDX-License-Identifier: Apache-2.0
// Reads /openapi.json and shows its operations; every text goes in by textContent.
'use strict';

const make = (tag, attributes = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
};

let api;
let operations = [];

const resolve = (schema) => {
  if (!schema || !schema.$ref) return [schema, ''];
  const name = schema.$ref.split('/').pop();
  return [api.components.schemas[name], name];
};

const typeName = (given) => {
  const [schema, name] = resolve(given);
  if (!schema) return '';
  if (name) return name;
  const type = Array.isArray(schema.type) ? schema.type.filter((t) => t !== 'null').join(' or ') : schema.type;
  if (type === 'array') return `list of ${typeName(schema.items)}`;
  if (schema.enum) return schema.enum.map((v) => JSON.stringify(v)).join(' | ');
  return [type || 'any', schema.format && `(${schema.format})`].filter(Boolean).join(' ');
};

const example = (given, depth = 0) => {
  const [schema] = resolve(given);
  if (!schema || depth > 6) return null;
  if (schema.examples) return schema.examples[0];
  if (schema.default !== undefined) return schema.default;
  if (schema.enum) return schema.enum[0];
  const type = Array.isArray(schema.type) ? schema.type.find((t) => t !== 'null') : schema.type;
  if (type === 'object' || schema.properties) {
    const out = {};
    for (const [name, property] of Object.entries(schema.properties || {})) if (!property.readOnly) out[name] = example(property, depth + 1);
    return out;
  }
  if (type === 'array') return [example(schema.items, depth + 1)];
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  return schema.format === 'date-time' ? new Date().toISOString() : 'text';
};

const fieldTable = (given) => {
  const [schema, name] = resolve(given);
  if (!schema) return make('p', { class: 'quiet' }, 'nothing');
  const inner = schema.type === 'array' ? resolve(schema.items)[0] : schema;
  if (!inner || !inner.properties) return make('p', {}, make('code', {}, typeName(given)));
  const required = new Set(inner.required || []);
  const rows = Object.entries(inner.properties).map(([field, property]) => {
    const [target, targetName] = resolve(property);
    const link = targetName || (target && target.type === 'array' && resolve(target.items)[1]);
    const type = link ? make('button', { on: { click: () => showSchema(link) } }, typeName(property)) : make('code', {}, typeName(property));
    return make('tr', {}, make('td', {}, make('code', {}, field), required.has(field) ? ' *' : ''), make('td', {}, type), make('td', {}, (property.description || (target && target.description)) ?? ''));
  });
  return make('div', {}, name ? make('p', { class: 'quiet' }, name) : null, make('table', {}, make('thead', {}, make('tr', {}, make('th', {}, 'field'), make('th', {}, 'type'), make('th', {}, 'meaning'))), make('tbody', {}, ...rows)));
};

const showSchema = (name) => {
  const show = document.getElementById('show');
  show.replaceChildren(make('h2', {}, name), fieldTable({ $ref: `#/components/schemas/${name}` }));
  show.focus();
};

const jsonOf = (body) => body && body.content && (body.content['application/json'] || Object.values(body.content)[0]);

const show = (op, button) => {
  for (const other of document.querySelectorAll('nav [aria-current]')) other.removeAttribute('aria-current');
  if (button) button.setAttribute('aria-current', 'true');
  history.replaceState(null, '', `#${op.operationId}`);
  const parts = [
    make('h2', {}, op.summary || op.operationId),
    make('p', {}, make('code', {}, `${op.method} ${op.path}`)),
    make('p', {}, make('span', { class: 'tag' }, `permission: ${op['x-permission'] || ''}`)),
    op.description ? make('p', {}, op.description) : null,
  ];
  const parameters = op.parameters || [];
  if (parameters.length) {
    parts.push(make('h3', {}, 'Parameters'), make('table', {}, make('tbody', {}, ...parameters.map((p) => make('tr', {}, make('td', {}, make('code', {}, p.name), p.required ? ' *' : ''), make('td', {}, p.in), make('td', {}, make('code', {}, typeName(p.schema))), make('td', {}, p.description || (p.schema && p.schema.description) || ''))))));
  }
  const request = jsonOf(op.requestBody);
  if (request) parts.push(make('h3', {}, 'Body'), fieldTable(request.schema));
  for (const [status, response] of Object.entries(op.responses || {})) {
    const content = jsonOf(response);
    parts.push(make('h3', {}, `Answer ${status}${response.description ? `: ${response.description}` : ''}`));
    if (content) parts.push(fieldTable(content.schema));
  }
  parts.push(tryIt(op, parameters, request));
  const main = document.getElementById('show');
  main.replaceChildren(...parts.filter(Boolean));
  main.scrollTop = 0;
};

const tryIt = (op, parameters, request) => {
  const inputs = parameters.filter((p) => p.in === 'path' || p.in === 'query').map((p) => [p, make('input', { placeholder: p.schema && p.schema.default !== undefined ? String(p.schema.default) : '', 'aria-label': p.name })]);
  const isFile = request && op.requestBody.content['multipart/form-data'];
  const file = isFile ? make('input', { type: 'file', 'aria-label': 'file' }) : null;
  const body = request && !isFile ? make('textarea', { 'aria-label': 'body', spellcheck: 'false' }) : null;
  if (body) body.value = JSON.stringify(example(request.schema), null, 2);
  const answer = make('pre', { hidden: true, 'aria-live': 'polite' });
  const send = async (event) => {
    event.preventDefault();
    answer.hidden = false;
    answer.textContent = '…';
    let path = op.path;
    const query = new URLSearchParams();
    for (const [p, input] of inputs) {
      if (p.in === 'path') path = path.replace(`{${p.name}}`, encodeURIComponent(input.value));
      else if (input.value !== '') query.set(p.name, input.value);
    }
    const headers = { 'X-Dangol': '1' };
    const token = document.getElementById('token').value.trim();
    if (token) headers.Authorization = `Bearer ${token}`;
    let payload;
    if (file && file.files[0]) { payload = new FormData(); payload.append('file', file.files[0]); }
    if (body) { headers['Content-Type'] = 'application/json'; payload = body.value; }
    const start = performance.now();
    try {
      const response = await fetch(path + (query.size ? `?${query}` : ''), { method: op.method, headers, body: payload, credentials: token ? 'omit' : 'same-origin' });
      const text = await response.text();
      let pretty = text;
      try { pretty = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON: shown as it came */ }
      answer.textContent = `${response.status} ${response.statusText} · ${Math.round(performance.now() - start)} ms\n\n${pretty.slice(0, 100000)}`;
    } catch (error) {
      answer.textContent = String(error);
    }
  };
  return make('form', { on: { submit: send } }, make('h3', {}, 'Try it'),
    ...inputs.map(([p, input]) => make('p', {}, make('label', {}, `${p.name} `, input))),
    file ? make('p', {}, file) : null, body, make('p', {}, make('button', { class: 'send', type: 'submit' }, 'Send')), answer);
};

const list = (wanted) => {
  const groups = new Map();
  for (const op of operations) {
    if (wanted && !`${op.method} ${op.path} ${op.summary} ${op.operationId} ${op['x-permission']}`.toLowerCase().includes(wanted)) continue;
    const tag = (op.tags && op.tags[0]) || 'other';
    if (!groups.has(tag)) groups.set(tag, []);
    groups.get(tag).push(op);
  }
  const nodes = [];
  for (const tag of [...groups.keys()].sort()) {
    nodes.push(make('h2', {}, tag));
    for (const op of groups.get(tag)) {
      const button = make('button', { title: op.summary || '' }, make('span', { class: 'method' }, op.method), make('span', { class: 'path' }, op.path));
      button.addEventListener('click', () => show(op, button));
      nodes.push(button);
    }
  }
  document.getElementById('list').replaceChildren(...nodes);
};

const start = async () => {
  api = await (await fetch('/openapi.json')).json();
  document.getElementById('about').textContent = `Version ${api.info.version}. ${api.info.description || ''}`;
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of ['get', 'post', 'put', 'patch', 'delete']) if (item[method]) operations.push({ ...item[method], method: method.toUpperCase(), path });
  }
  operations.sort((a, b) => a.path.localeCompare(b.path));
  list('');
  document.getElementById('find').addEventListener('input', (event) => list(event.target.value.trim().toLowerCase()));
  const wanted = operations.find((op) => `#${op.operationId}` === location.hash);
  if (wanted) show(wanted);
};

start().catch((error) => { document.getElementById('show').textContent = `The API document could not be read: ${error}`; });
