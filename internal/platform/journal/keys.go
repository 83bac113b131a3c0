// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"dangol/internal/platform/fault"
)

const (
	keySize = 16
	// blockKeys is how many keys are read at once.
	blockKeys = 4096
	blockSize = blockKeys * keySize
	// growBlocks: keys are made and synced ahead, so that no write waits for a sync of the key file.
	growBlocks = 16
	// cachedBlocks bounds the memory for keys to 4 MiB.
	cachedBlocks = 64
	// maxRecordID keeps a damaged id from filling the disk with keys.
	maxRecordID = 1 << 36
)

// Keys is the file of 16-byte keys, one per source record at offset id × 16; key 0 is the
// installation's. Erased keys are zero. The file is made ahead of the ids in use.
type Keys struct {
	mu     sync.Mutex
	file   *os.File
	size   int64
	blocks map[int64][]byte
}

// OpenKeys opens or makes the key file.
func OpenKeys(path string) (*Keys, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, keyFault(err)
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, keyFault(err)
	}
	k := &Keys{file: file, size: info.Size() / blockSize * blockSize, blocks: map[int64][]byte{}}
	err = k.mend()
	if err == nil && k.size == 0 {
		err = errors.Join(k.grow(0), syncFolder(filepath.Dir(path)))
	}
	if err != nil {
		_ = file.Close()
		return nil, keyFault(err)
	}
	return k, nil
}

// mend fills the empty pages that a power loss during grow can leave at the end. Pages of keys erased
// on purpose may be filled too, which is harmless: the new keys open nothing.
func (k *Keys) mend() error {
	const page = 4096
	for at := max(0, k.size-growBlocks*blockSize); at < k.size; at += page {
		b := make([]byte, page)
		if _, err := k.file.ReadAt(b, at); err != nil {
			return err
		}
		if bytes.Count(b, []byte{0}) != page {
			continue
		}
		if _, err := rand.Read(b); err != nil {
			return err
		}
		if _, err := k.file.WriteAt(b, at); err != nil {
			return err
		}
	}
	return k.file.Sync()
}

func keyFault(err error) error {
	return fault.Wrap(err, fault.Unavailable, "journal.keys_unavailable",
		"The key file of the journal cannot be read or written. Nothing was saved; check the data directory and its disk.")
}

// Close closes the file.
func (k *Keys) Close() error { return k.file.Close() }

// grow makes keys up to and including the block, and some ahead.
func (k *Keys) grow(block int64) error {
	// Whole new blocks only: a block cut off by a crash was never synced, so none of its keys was used.
	for k.size/blockSize <= block {
		fresh := make([]byte, growBlocks*blockSize)
		if _, err := rand.Read(fresh); err != nil {
			return err
		}
		if _, err := k.file.WriteAt(fresh, k.size); err != nil {
			return err
		}
		if err := k.file.Sync(); err != nil {
			return err
		}
		k.size += int64(len(fresh))
	}
	return nil
}

func (k *Keys) block(n int64) ([]byte, error) {
	if b, ok := k.blocks[n]; ok {
		return b, nil
	}
	if err := k.grow(n); err != nil {
		return nil, keyFault(err)
	}
	b := make([]byte, blockSize)
	if _, err := k.file.ReadAt(b, n*blockSize); err != nil && !errors.Is(err, io.EOF) {
		return nil, keyFault(err)
	}
	if len(k.blocks) >= cachedBlocks {
		clear(k.blocks)
	}
	k.blocks[n] = b
	return b, nil
}

// errErased says that the key is destroyed.
var errErased = errors.New("the key is destroyed")

// key returns the key of a record, or errErased.
func (k *Keys) key(record int64) (key [keySize]byte, err error) {
	if record < 0 || record >= maxRecordID {
		return key, fmt.Errorf("no key for record %d", record)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	b, err := k.block(record / blockKeys)
	if err != nil {
		return key, err
	}
	copy(key[:], b[record%blockKeys*keySize:])
	if key == [keySize]byte{} {
		return key, errErased
	}
	return key, nil
}

// aead returns the cipher of a record.
func (k *Keys) aead(record int64) (cipher.AEAD, error) {
	key, err := k.key(record)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// Erase destroys the keys of records: their values in the journal can never be read again.
func (k *Keys) Erase(records ...int64) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, record := range records {
		if record <= 0 || record >= maxRecordID {
			return fmt.Errorf("erase key of record %d: no such record", record)
		}
		b, err := k.block(record / blockKeys)
		if err != nil {
			return err
		}
		if _, err := k.file.WriteAt(make([]byte, keySize), record*keySize); err != nil {
			return keyFault(err)
		}
		clear(b[record%blockKeys*keySize:][:keySize])
	}
	if err := k.file.Sync(); err != nil {
		return keyFault(err)
	}
	return nil
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
