// SPDX-License-Identifier: Apache-2.0
export { CustomerPicker, type PickedCustomer } from './CustomerPicker';
