// SPDX-License-Identifier: Apache-2.0

// Package files keeps what people uploaded and what the product made for them to fetch.
//
// Words: a file has an id, a size and a SHA-256; its content never changes.
// It uses database and fault. It offers Put (durable before it returns), Open, Find, Delete and Sweep.
// Files stand in the data directory; another store may take its place later behind the same calls.
package files
