// SPDX-License-Identifier: Apache-2.0
export { describeRule, measured as measuredField, operatorLabel } from './describe';
export { FieldPicker } from './FieldPicker';
export { FilterBar } from './FilterBar';
export * from './rules';
export { sentenceOf } from './sentence';
export { RuleTree } from './RuleTree';
export { addAt, depthOf, replaceAt, sizeOf } from './tree';
