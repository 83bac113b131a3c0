// SPDX-License-Identifier: Apache-2.0

package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	_ "image/gif"  // pictures of templates
	_ "image/jpeg" // likewise
	_ "image/png"  // likewise
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"

	"dangol/internal/platform/auth"
	"dangol/internal/platform/database"
	"dangol/internal/platform/fault"
	"dangol/internal/platform/journal"
)

const (
	// pictureLargest bounds a picture; mail programs show nothing that is slow to load.
	pictureLargest = 5 << 20
	// attachmentLargest bounds an attachment; many servers refuse mails above 25 MB, a third larger in base64.
	attachmentLargest = 18 << 20
	// sideLargest bounds the pixels of a side, so that a small file cannot unpack into gigabytes.
	sideLargest = 8000
	// pictureMost is how many of the newest are listed.
	pictureMost = 200
)

// pictureTypes are those that every mail program shows.
var pictureTypes = map[string]string{"png": "image/png", "jpeg": "image/jpeg", "gif": "image/gif"}

// Stored is a picture of templates or an attachment that the product keeps.
type Stored struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Type      string    `json:"type"`
	Size      int64     `json:"size"`
	Width     int       `json:"width,omitempty"`
	Height    int       `json:"height,omitempty"`
	IsPicture bool      `json:"is_picture"`
	URL       string    `json:"url" doc:"What templates call it by."`
	CreatedAt time.Time `json:"created_at"`

	fileID int64
	token  string
}

// picturePath is where pictures are shown to everybody who has the mail.
const picturePath = "/i/"

// KeepFile stores a picture or an attachment; what is in it decides what it is, not its name.
func (s *Service) KeepFile(ctx context.Context, name string, asPicture bool, content io.Reader) (Stored, error) {
	need, most := "mail:answer", int64(attachmentLargest)
	if asPicture {
		need, most = "mail:create", pictureLargest
	}
	if err := auth.Check(ctx, need); err != nil {
		return Stored{}, err
	}
	raw, err := io.ReadAll(io.LimitReader(content, most+1))
	if err != nil {
		return Stored{}, fmt.Errorf("read file: %w", err)
	}
	if int64(len(raw)) > most {
		return Stored{}, fault.New(fault.TooLarge, "mail.file_too_large", "The file is larger than {most} MB.", "most", most>>20)
	}
	f := Stored{Name: clean(name, oneLine), Size: int64(len(raw)), IsPicture: asPicture, Type: "application/octet-stream"}
	config, format, err := image.DecodeConfig(bytes.NewReader(raw))
	if isPicture := err == nil && pictureTypes[format] != "" && config.Width <= sideLargest && config.Height <= sideLargest; isPicture {
		f.Type, f.Width, f.Height = pictureTypes[format], config.Width, config.Height
	} else if asPicture {
		return Stored{}, fault.New(fault.Invalid, "mail.no_picture", "That is no picture that mail programs show; use PNG, JPEG or GIF.")
	} else if bytes.HasPrefix(raw, []byte("%PDF-")) {
		f.Type = "application/pdf"
	}
	var random [15]byte
	if _, err := rand.Read(random[:]); err != nil {
		return f, fmt.Errorf("name picture: %w", err)
	}
	f.token = base64.RawURLEncoding.EncodeToString(random[:])
	kept, err := s.files.Put(ctx, bytes.NewReader(raw))
	if err != nil {
		return f, fmt.Errorf("keep file: %w", err)
	}
	f.fileID = kept.ID
	err = s.db.Within(ctx, func(ctx context.Context) error {
		if err := s.store.insertFile(ctx, &f, database.Time(ctx)); err != nil {
			return err
		}
		after, err := json.Marshal(map[string]any{"id": f.ID, "type": f.Type, "size": f.Size})
		if err != nil {
			return err
		}
		return s.journal.Append(ctx, journal.Entry{Capability: "mail", Kind: "mail.file_kept", SubjectKind: "mail_file", SubjectIDs: []int64{f.ID}, After: after})
	})
	f.URL = picturePath + f.token
	return f, err
}

// ListFiles returns the newest pictures of templates.
func (s *Service) ListFiles(ctx context.Context) ([]Stored, error) {
	if err := auth.Check(ctx, "mail:read"); err != nil {
		return nil, err
	}
	return s.store.listFiles(ctx, pictureMost)
}

// ShowPicture returns a picture by its public name, or fault.NotFound; attachments are not public.
func (s *Service) ShowPicture(ctx context.Context, token string) (mediaType string, content []byte, err error) {
	f, err := s.store.fileByToken(ctx, token)
	if err != nil {
		return "", nil, err
	}
	content, err = s.contentOf(ctx, f.fileID)
	return f.Type, content, err
}

func (s *Service) contentOf(ctx context.Context, fileID int64) ([]byte, error) {
	in, err := s.files.Open(ctx, fileID)
	if err != nil {
		return nil, fmt.Errorf("open file: %w", err)
	}
	defer func() { _ = in.Close() }()
	return io.ReadAll(io.LimitReader(in, receivedMost))
}

// AttachedFiles reads what goes along with an answer: stored files, and the attachments of a received mail.
func (s *Service) AttachedFiles(ctx context.Context, ids []int64, mailID int64) ([]File, error) {
	var list []File
	for _, id := range ids {
		f, err := s.store.fileByID(ctx, id)
		if err != nil {
			return nil, err
		}
		content, err := s.contentOf(ctx, f.fileID)
		if err != nil {
			return nil, err
		}
		list = append(list, NewFile(f.Name, f.Type, "", content))
	}
	if mailID == 0 {
		return list, nil
	}
	r, err := s.store.findReceived(ctx, mailID)
	if err != nil {
		return nil, err
	}
	m, err := s.open(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, a := range m.Attachments {
		list = append(list, NewFile(a.Name, a.Type, "", a.Content))
	}
	return list, nil
}

// pictureSource finds pictures of the product in the HTML part.
var pictureSource = regexp.MustCompile(`(?i)(\ssrc\s*=\s*["'])/i/([A-Za-z0-9_-]{20})(["'])`)

// withPictures lets pictures be found: with the whole address, or inside the message when
// the template says so, which shows them at once in programs that load nothing.
func (s *Service) withPictures(ctx context.Context, source string, isInside bool) (string, []File, error) {
	if !strings.Contains(source, picturePath) {
		return source, nil, nil
	}
	var images []File
	var failed error
	known := map[string]bool{}
	source = pictureSource.ReplaceAllStringFunc(source, func(match string) string {
		part := pictureSource.FindStringSubmatch(match)
		if !isInside {
			return part[1] + strings.TrimRight(s.options.Site, "/") + picturePath + part[2] + part[3]
		}
		if !known[part[2]] {
			known[part[2]] = true
			kind, content, err := s.ShowPicture(ctx, part[2])
			if err != nil {
				failed = err
				return match
			}
			images = append(images, NewFile("picture"+strconv.Itoa(len(images)+1)+"."+strings.TrimPrefix(kind, "image/"), kind, part[2]+"@dangol", content))
		}
		return part[1] + "cid:" + part[2] + "@dangol" + part[3]
	})
	return source, images, failed
}
