// SPDX-License-Identifier: Apache-2.0

package mail

import "encoding/base64"

// codedShortest is the shortest literal that is worth keeping in base64.
const codedShortest = 3 * base64Line

// base64Line is the bytes of one line of 76 characters (RFC 2045).
const base64Line = 57

// precode keeps the long literals of a part in base64, because most of a mail
// is the same for everybody. A literal can begin at any of the three places of
// a group, so it is kept three times, without the bytes at its two ends that
// share a group with the text around it.
func (p *program) precode() {
	if p == nil {
		return
	}
	for i := range p.nodes {
		n := &p.nodes[i]
		if n.kind != literal || len(n.text) < codedShortest {
			continue
		}
		for skip := range n.coded {
			n.coded[skip] = appendBase64(nil, []byte(n.text[skip:len(n.text)-(len(n.text)-skip)%3]))
		}
	}
}

// encode renders a part to dst in base64. Lines end early before and after a
// kept literal, which RFC 2045 6.8 allows.
func (w *writer) encode(dst []byte, p *program, values Values) ([]byte, error) {
	w.out, w.last = w.out[:0], 0
	start := len(dst)
	w.loops = w.loops[:0]
	for i := 0; i < len(p.nodes); {
		if n := &p.nodes[i]; n.coded[0] == nil {
			i = w.node(p, i, values)
		} else {
			skip := (3 - len(w.out)%3) % 3
			dst = appendBase64(dst, append(w.out, n.text[:skip]...))
			dst = append(dst, n.coded[skip]...)
			w.out = append(w.out[:0], n.text[len(n.text)-(len(n.text)-skip)%3:]...)
			if n.last != 0 {
				w.last = n.last
			}
			i++
		}
		if len(dst)-start+len(w.out) > outputMost {
			return dst, errOutput()
		}
	}
	return appendBase64(dst, w.out), nil
}

func appendBase64(dst, src []byte) []byte {
	for len(src) > 0 {
		n := min(len(src), base64Line)
		dst = base64.StdEncoding.AppendEncode(dst, src[:n])
		dst = append(dst, '\r', '\n')
		src = src[n:]
	}
	return dst
}
