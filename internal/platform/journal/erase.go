// SPDX-License-Identifier: Apache-2.0

package journal

// Erase destroys the keys of records: what entries and chunks say of them can never be read again, while the chain
// stays whole. It may be called again.
func (j *Journal) Erase(records ...int64) error { return j.keys.Erase(records...) }
