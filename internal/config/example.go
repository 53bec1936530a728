package config

import "strings"

// Sample is the documented defaults of one source.
type Sample struct {
	Source string
	Text   string // the section's keys with their comments, without indentation
	On     bool   // listened to without being configured
}

// Example writes confianza.example.yml: every key with its default and what it
// is for. Sources that are off by default are commented out.
func Example(samples []Sample) []byte {
	var b strings.Builder
	b.WriteString(head)
	for _, s := range samples {
		mark := "  "
		if !s.On {
			mark = "  # "
		}
		b.WriteString("\n" + mark + s.Source + ":\n")
		for line := range strings.SplitSeq(strings.TrimSpace("# false turns the source off.\nenabled: true\n"+s.Text), "\n") {
			b.WriteString(strings.TrimRight(mark+"  "+line, " ") + "\n")
		}
	}
	return []byte(b.String())
}

const head = `# Every key of confianza's configuration, with its default. Generated: a test keeps it true.
#
# Copy what you need to confianza.yml; what you leave out keeps its default.
#   confianza check --config confianza.yml    says what is wrong, by line
#   kill -HUP                                 reads it again; a broken file changes nothing
#
# Secrets are never written here: {env: NAME} or {file: PATH} says where they are.

# The brands to listen for. A phrase is found whatever its case and accents.
brands:
  - name: Aerolíneas Delta
    # What it is called, as whole words or as a hashtag; without any, its name.
    names: [Delta, Delta Airlines, Aerolíneas Delta]
    # Exactly these accounts and hashtags.
    handles: ["@Delta"]
    hashtags: ["#flydelta"]
    # Links to these, or to what is below them.
    domains: [delta.com]
    # When there are any, one of these must occur too.
    context: [airline, flight, aerolínea, vuelo, voo]
    # Where one of these occurs, the text is not about the brand.
    exclude: [delta variant, variante delta, river delta]
    # The day of the incident. The 28 days before it are what weeks are set against.
    incident: {date: 2026-10-01}

# How feeling is scored: model (eight languages), vader or cdipaolo (both English). What it cannot read is counted as unknown.
scorer: model

# Weights of your own for model, a file as confianza train writes it; without one, those in the binary. Its content is its version:
# another one has everything scored again.
weights: ""

# The folder that everything is kept in.
data: ./data

# How long texts, ids, addresses and authors are kept, by source; 0s means for ever. What was counted stays counted.
retention:
  default: 2160h

# The calendar of the page and of weeks, such as America/Mexico_City.
time_zone: UTC

# An address or e-mail that the servers we ask can write to.
contact: ""

# Files that are written by themselves.
reports:
  # The folder they are written to; without one none are.
  folder: ""
  # When the last full week is written: a day and time in time_zone. What was missed is caught up once.
  weekly: {day: monday, at: "07:00"}
  # Of es and en.
  languages: [es]
  # Of xlsx, csv and json.
  formats: [xlsx, csv]

web:
  # Anything but a loopback address needs config_file.
  listen: 127.0.0.1:8321
  # The address that readers use, when it is another one.
  public_url: ""
  # TLS and passwords, as in
  # https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
  config_file: ""

# Prometheus, Mimir or VictoriaMetrics servers that mentions per minute are sent
# on to, at the time they were made. A receiver must take samples out of order
# for as long as the window: docs/operating.md says how to set each of them up.
# remote_write:
#   - url: http://127.0.0.1:9090/api/v1/write
#     # What metrics and messages call it; its host otherwise.
#     name: main
#     # How far back the receiver takes samples. Older changes are counted as skipped.
#     window: 48h
#     # Basic authentication, or a bearer token, when it asks for one.
#     username: confianza
#     password: {file: /etc/confianza/prometheus.password}
#     # token: {env: PROMETHEUS_TOKEN}
#     # headers: {X-Scope-OrgID: marketing}
#     # Added to every series.
#     labels: {site: madrid}

# Rules about confianza itself (sources, stages, disk) are built in and evaluated
# here; the page and /api/v1/alerts show what fires.
alerting:
  # false where a Prometheus of yours has the rules of dashboards/prometheus.
  evaluate: true
  # Rule files of your own, in Prometheus' format.
  rules: []
  # Alertmanagers that are told, each of them everything.
  alertmanagers: []
  #   - url: http://127.0.0.1:9093
  #     # Basic authentication, or a bearer token, when it asks for one.
  #     username: confianza
  #     password: {file: /etc/confianza/alertmanager.password}
  #     # token: {env: ALERTMANAGER_TOKEN}
  # Without an Alertmanager: people told directly, once when something begins, gets worse and is over.
  mail: []
  #   - server: mail.example.com:587
  #     # starttls, tls or none.
  #     security: starttls
  #     username: confianza
  #     password: {file: /etc/confianza/mail.password}
  #     from: confianza@example.com
  #     to: [ana@example.com]
  #     # es or en.
  #     language: es
  #     # Whose alerts: marketing (what people say), operators (how confianza does). None is all.
  #     teams: [marketing]
  #     # What metrics and the page call it.
  #     name: mail
  webhooks: []
  #   - url: http://127.0.0.1:9000/confianza
  #     # A chat's address is its password: {file: …} or {env: …} instead of url.
  #     # url_from: {env: CHAT_WEBHOOK}
  #     # json for a program, slack for a chat that takes Slack's messages.
  #     format: json
  #     # Messages are signed with it, as in Standard Webhooks.
  #     sign: {file: /etc/confianza/webhook.secret}
  #     teams: [operators]
  #     name: pager

sources:
`
