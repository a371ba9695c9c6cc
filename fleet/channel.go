package fleet

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/notify"
)

// channelReader reads the channels of the file.
type channelReader struct{ *loader }

// readChannels reads the channels.
func (l *channelReader) readChannels(root, n *yaml.Node) {
	if n == nil {
		l.Fail(root, "channels is missing: nobody would be told")
		return
	}
	elements, ok := l.List(n, "channels")
	switch {
	case !ok:
		return
	case len(elements) == 0:
		l.Fail(n, "channels is an empty list: nobody would be told")
	case len(elements) > maxChannels:
		l.Fail(n, "channels lists %d channels; one file has at most %d", len(elements), maxChannels)
		return
	}
	whole := l.Problems
	leads := map[string]string{}
	for _, element := range elements {
		l.Problems = problemsIn(l.name)
		if channel := l.readChannel(element); !l.Any() {
			l.warnSameChat(element, channel, leads)
			l.fleet.Channels = append(l.fleet.Channels, channel)
		}
		whole.Add(l.Sorted()...)
	}
	l.Problems = whole
}

// readChannel reads one channel.
func (l *channelReader) readChannel(n *yaml.Node) Channel {
	values := l.Mapping(n, "a channel", "name", "kind", "url", "mention", "language", "hours", "digest")
	if values == nil {
		return Channel{}
	}
	c := Channel{Language: l.options.Language, Hours: l.options.Hours, Digest: l.options.Digest}
	c.Name = l.readChannelName(n, values["name"])
	c.Kind = l.readKind(n, values["kind"])
	if at := values["url"]; at != nil {
		l.readWebhook(at, &c)
	} else {
		l.Fail(n, "the channel has no url: write the name of the environment variable that holds its webhook")
	}
	if at := values["mention"]; at != nil && c.Kind != nil {
		c.Mention = l.readMention(at, c.Kind)
	}
	if at := values["language"]; at != nil {
		c.Language = license.Language(l.word(at, "language", string(license.Chinese), string(license.English)))
	}
	if at := values["hours"]; at != nil {
		c.Hours = l.readHours(at)
	}
	if at := values["digest"]; at != nil {
		c.Digest = config.DigestWhen(l.word(at, "digest", string(config.DigestDaily), string(config.DigestChanges)))
	}
	return c
}

// readChannelName reads a name that no other channel has.
func (l *channelReader) readChannelName(channel, n *yaml.Node) string {
	if n == nil {
		l.Fail(channel, "the channel has no name")
		return ""
	}
	name, ok := l.text(n, "name")
	if !ok {
		return ""
	}
	if first := l.known[name]; first != nil {
		l.Fail(n, "name %s is taken by the channel in line %d", quoted(name), first.Line)
		return ""
	}
	l.known[name] = n
	if !isChannelName(name) {
		l.Fail(n, "name must be made of letters, digits, _, . and -, at most 64 of them")
	}
	return name
}

// isChannelName says whether a channel may have the name, and nothing secret is in it.
// It stands in logs, summaries and commands.
func isChannelName(name string) bool {
	const longest = 64
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	isOther := func(r rune) bool { return !isWord(r) && !strings.ContainsRune("_.-", r) }
	first, _ := utf8.DecodeRuneInString(name)
	return isWord(first) && utf8.RuneCountInString(name) <= longest && !strings.ContainsFunc(name, isOther) &&
		config.Shown(name) == name
}

// readKind reads the kind of a channel; nil when it is none.
func (l *channelReader) readKind(channel, n *yaml.Node) *notify.ChannelKind {
	var names []string
	for _, kind := range notify.ChannelKinds() {
		names = append(names, kind.Name)
	}
	if n == nil {
		l.Fail(channel, "the channel has no kind: write %s", suggest.List(names, "or"))
		return nil
	}
	word := l.word(n, "kind", names...)
	if word == "" {
		return nil
	}
	return notify.KindOf(word)
}

// readWebhook reads the variable that holds a webhook, and judges what it holds.
func (l *channelReader) readWebhook(n *yaml.Node, c *Channel) {
	var ok bool
	if c.Variable, ok = l.variable(n, "url"); !ok {
		return
	}
	if c.Webhook, ok = l.secret(n, "url", c.Variable); !ok || c.Kind == nil || c.Webhook.IsZero() {
		return
	}
	webhook := c.Webhook.Reveal()
	if config.Joined(webhook) != "" {
		l.Fail(n, "url: %s holds more than one URL, or something besides: a channel has one webhook", c.Variable)
		return
	}
	if other := config.OtherKind(webhook, c.Kind); other != nil {
		l.Fail(n, "url: what %s holds is a %s webhook, and the channel's kind is %s: write kind: %s, or another variable",
			c.Variable, other.Title(license.English), c.Kind.Name, other.Name)
		return
	}
	wrong, odd := config.CheckWebhook(webhook, c.Kind)
	switch {
	case wrong != "":
		l.Fail(n, "url: what %s holds %s", c.Variable, wrong)
	case odd != "":
		l.warnings.Fail(n, "url: what %s holds %s", c.Variable, odd)
	}
}

// warnSameChat warns of a channel that leads to where another one does.
func (l *channelReader) warnSameChat(n *yaml.Node, c Channel, leads map[string]string) {
	if c.Webhook.IsZero() {
		return
	}
	target := c.Kind.Name + " " + config.Destination(c.Kind, c.Webhook)
	if first := leads[target]; first != "" {
		l.warnings.Fail(n, "channel %s leads to the same chat as %s, which is told twice of what goes to both", c.Name,
			first)
		return
	}
	leads[target] = c.Name
}

// readMention reads who is called in a channel.
func (l *channelReader) readMention(n *yaml.Node, kind *notify.ChannelKind) []string {
	if kind.CheckMention == nil {
		l.Fail(n, "mention: nobody can be called through a channel of kind %s; leave it out", kind.Name)
		return nil
	}
	var names []string
	for _, element := range l.oneOrMore(n, "mention") {
		item, ok := l.text(element, "mention")
		if !ok {
			continue
		}
		name, wrong, odd := config.CheckMention(item, kind)
		switch {
		case wrong != "":
			l.Fail(element, "mention: %s %s", quoted(item), wrong)
			continue
		case odd != "":
			l.warnings.Fail(element, "mention: %s %s", quoted(item), odd)
		}
		names = append(names, name)
	}
	return names
}

// readHours reads hours, one span or a list.
func (l *channelReader) readHours(n *yaml.Node) license.Hours {
	hours, problem := config.ParseHours(strings.Join(l.texts(n, "hours"), ","))
	if problem != "" {
		l.Fail(n, "hours: %s", problem)
	}
	return hours
}
