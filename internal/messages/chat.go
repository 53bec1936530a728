package messages

import (
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// The bounds of Slack's blocks (https://docs.slack.dev/reference/block-kit/blocks).
const mostTitle, mostText, mostBlocks = 150, 3000, 50

// block is one of Slack's.
type block struct {
	Type string     `json:"type"`
	Text *blockText `json:"text,omitempty"`
}

type blockText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// chat is a message as Slack's incoming webhooks take it
// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks),
// and those of other chats like it. What people wrote is escaped: it mentions
// nobody and links nowhere. A chat that knows no blocks shows the text alone,
// which leads to the page.
func (w *Writer) chat(m Message) ([]byte, error) {
	subject := w.subject(m)
	blocks := []block{{"header", &blockText{"plain_text", cut(subject, mostTitle)}}}
	for i, s := range w.sections(m) {
		if i == 0 {
			s.Title = "" // the header has it
		}
		var lines []string
		if s.Title != "" {
			lines = append(lines, "*"+escape(s.Title)+"*")
		}
		for _, l := range s.Lines {
			if text := escape(l.Text); l.URL != "" {
				lines = append(lines, link(l.URL, text))
			} else {
				lines = append(lines, text)
			}
		}
		blocks = append(blocks, block{"section", &blockText{"mrkdwn", fit(lines)}})
	}
	if len(blocks) > mostBlocks {
		blocks = append(blocks[:mostBlocks-1], blocks[len(blocks)-1]) // the last one leads to the page
	}
	return json.Marshal(struct {
		Text   string  `json:"text"` // for notifications
		Blocks []block `json:"blocks"`
	}{escape(subject) + "\n" + link(m.Page, escape(w.words["page"])), blocks})
}

// fit is as many whole lines as a block takes: half a link is none.
func fit(lines []string) string {
	text := cut(lines[0], mostText)
	for _, l := range lines[1:] {
		if utf8.RuneCountInString(text)+1+utf8.RuneCountInString(l) <= mostText {
			text += "\n" + l
		}
	}
	return text
}

// link leads from a text that is escaped, in one line and without what ends it.
func link(address, text string) string {
	text = strings.Join(strings.Fields(strings.ReplaceAll(text, "|", "¦")), " ")
	return "<" + strings.ReplaceAll(escape(address), "|", "%7C") + "|" + text + ">"
}

var slackEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escape(s string) string { return slackEscapes.Replace(s) }

// cut shortens a text to so many characters.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
