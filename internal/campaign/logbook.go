// SPDX-License-Identifier: Apache-2.0

package campaign

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dangol/internal/mail"
)

// The logbook tells, after a killed process, which messages were under way. A
// record is written before the server can take a message for complete and
// another one after its answer, by plain writes: what a process has written
// survives its death. It does not survive a power cut, so a logbook of an
// earlier boot of the machine is not believed, and everything it could speak of
// counts as unknown. That spares one sync for every message.
type logbook struct {
	file *os.File
	path string
}

const (
	logMagic   = "DLB1"
	recordSize = 16
	// headerSize holds the magic and the machine's boot id.
	headerSize = 64
)

// outcome codes of records.
const (
	underWay byte = iota + 1
	wasHandedOver
	wasDeferred
	wasBounced
	wasFailed
	wasUnknown
	wasNotSent
)

var outcomeCodes = map[mail.Outcome]byte{
	mail.HandedOver: wasHandedOver, mail.Deferred: wasDeferred, mail.Bounced: wasBounced, mail.Failed: wasFailed,
	mail.Unknown: wasUnknown, mail.NotSent: wasNotSent, mail.Refused: wasNotSent, mail.Paced: wasNotSent,
}

// bootID names this run of the machine; empty where the system has none, and
// then no logbook is believed.
func bootID() string {
	raw, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(raw))
}

func logPath(dir string, campaignID, lease int64) string {
	return filepath.Join(dir, fmt.Sprintf("%d-%d.log", campaignID, lease))
}

// createLogbook makes the logbook of a run.
func createLogbook(dir string, campaignID, lease int64) (*logbook, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of logbooks: %w", err)
	}
	path := logPath(dir, campaignID, lease)
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make logbook: %w", err)
	}
	header := make([]byte, headerSize)
	copy(header, logMagic)
	copy(header[len(logMagic):], bootID())
	if _, err := file.Write(header); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("make logbook: %w", err)
	}
	return &logbook{file: file, path: path}, nil
}

// note appends a record: id, outcome, code and a checksum. One write of less
// than a page is whole or absent, also beside writes of other goroutines.
func (b *logbook) note(recipientID int64, outcome byte, code int) error {
	var record [recordSize]byte
	binary.LittleEndian.PutUint64(record[:], uint64(recipientID))
	record[8] = outcome
	binary.LittleEndian.PutUint16(record[9:], uint16(code))
	binary.LittleEndian.PutUint32(record[12:], crc32.ChecksumIEEE(record[:12]))
	if _, err := b.file.Write(record[:]); err != nil {
		return fmt.Errorf("write logbook: %w", err)
	}
	return nil
}

// close ends the logbook and removes it: the ledger knows everything now.
func (b *logbook) close() error {
	return errors.Join(b.file.Close(), os.Remove(b.path))
}

// logged is what a logbook knows of a recipient.
type logged struct {
	outcome byte
	code    int
}

// readLogbook reads what a dead run has left. isBelieved is false when the file
// is missing, damaged at its head, or of another boot of the machine.
func readLogbook(path string) (entries map[int64]logged, isBelieved bool, err error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read logbook: %w", err)
	}
	if len(raw) < headerSize || string(raw[:len(logMagic)]) != logMagic {
		return nil, false, nil
	}
	boot := strings.TrimRight(string(raw[len(logMagic):headerSize]), "\x00")
	if boot == "" || boot != bootID() {
		return nil, false, nil
	}
	entries = map[int64]logged{}
	for rest := raw[headerSize:]; len(rest) >= recordSize; rest = rest[recordSize:] {
		if binary.LittleEndian.Uint32(rest[12:]) != crc32.ChecksumIEEE(rest[:12]) {
			return nil, false, nil
		}
		id := int64(binary.LittleEndian.Uint64(rest))
		entries[id] = logged{outcome: rest[8], code: int(binary.LittleEndian.Uint16(rest[9:]))}
	}
	return entries, true, nil
}

// step is what the ledger has to say of a leased recipient, given its last record.
func (l logged) step() (Step, mail.Outcome) {
	switch l.outcome {
	case wasHandedOver:
		return StepHandedOver, mail.HandedOver
	case wasBounced:
		return StepBounced, mail.Bounced
	case wasFailed:
		return StepFailed, mail.Failed
	case wasDeferred, wasNotSent:
		return StepPlanned, mail.NotSent
	}
	return StepUnknown, mail.Unknown
}
