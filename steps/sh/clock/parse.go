package clock

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Parse reads the date forms that scripts give to `date -d`: ISO dates and
// times, @EPOCH, month names, and relative words such as `2 days ago`.
func Parse(text string, now time.Time) (time.Time, error) {
	p := &parser{when: now, now: now, zone: now.Location()}
	text = strings.TrimSpace(text)
	if epoch, ok := strings.CutPrefix(text, "@"); ok {
		seconds, fraction, _ := strings.Cut(epoch, ".")
		n, err := strconv.ParseInt(seconds, 10, 64)
		if err != nil {
			return now, errInvalid(text)
		}
		nanos, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64)
		return time.Unix(n, nanos).In(p.zone), nil
	}
	if text == "" {
		return p.midnight(), nil
	}
	p.words = tokens(text)
	for len(p.words) > 0 {
		if !p.item() {
			return now, errInvalid(text)
		}
	}
	return p.result(), nil
}

func errInvalid(text string) error { return errors.New("invalid date '" + text + "'") }

type parser struct {
	words   []string
	now     time.Time
	when    time.Time
	zone    *time.Location
	hasDate bool
	hasTime bool
	hasZone bool
	years   int
	months  int
	days    int
	shift   time.Duration
	weekday int // -1 none; set with hasDay
	hasDay  bool
	ordinal int
}

func (p *parser) midnight() time.Time {
	y, m, d := p.now.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, p.zone)
}

// tokens splits at blanks, and ISO stamps at their T and before their zone.
func tokens(text string) []string {
	var words []string
	for _, word := range strings.Fields(strings.ReplaceAll(text, ",", " ")) {
		if len(word) > 11 && word[4] == '-' && word[7] == '-' && (word[10] == 'T' || word[10] == 't') {
			words = append(words, word[:10])
			word = word[11:]
		}
		if strings.Contains(word, ":") && word[0] >= '0' && word[0] <= '9' {
			if at := strings.IndexAny(word, "+-Zz"); at > 0 {
				words = append(words, word[:at], word[at:])
				continue
			}
		}
		if n := len(words); n > 0 && (words[n-1] == "+" || words[n-1] == "-") {
			words[n-1] += word
			continue
		}
		words = append(words, word)
	}
	return words
}

func (p *parser) next() string {
	word := p.words[0]
	p.words = p.words[1:]
	return word
}

func (p *parser) item() bool {
	word := p.next()
	lower := strings.ToLower(word)
	switch {
	case p.date(word), p.clock(word), p.zoneWord(word), p.relative(lower), p.named(lower):
		return true
	}
	return false
}

func (p *parser) date(word string) bool {
	for _, layout := range []string{"2006-01-02", "20060102", "2006/01/02", "01/02/2006", "1/2/2006", "01/02/06", "2006-1-2", "02-Jan-2006", "2006-01"} {
		if layout == "2006-01" && len(word) != 7 || layout == "20060102" && len(word) != 8 {
			continue
		}
		if t, err := time.Parse(layout, word); err == nil && layout != "2006-01" {
			p.setDate(t.Year(), t.Month(), t.Day())
			return true
		}
	}
	return false
}

func (p *parser) setDate(y int, m time.Month, d int) {
	p.hasDate = true
	h, minute, s := p.when.Clock()
	p.when = time.Date(y, m, d, h, minute, s, p.when.Nanosecond(), p.zone)
}

func (p *parser) clock(word string) bool {
	if !strings.Contains(word, ":") {
		lower := strings.ToLower(word)
		if len(p.words) > 0 && (strings.EqualFold(p.words[0], "am") || strings.EqualFold(p.words[0], "pm")) && isDigits(word) {
			return p.setClock(word+":00", strings.ToLower(p.next()))
		}
		if digits := strings.TrimSuffix(strings.TrimSuffix(lower, "am"), "pm"); digits != lower && isDigits(digits) {
			return p.setClock(digits+":00", lower[len(digits):])
		}
		return false
	}
	half := ""
	lower := strings.ToLower(word)
	if strings.HasSuffix(lower, "am") || strings.HasSuffix(lower, "pm") {
		half, word = lower[len(lower)-2:], word[:len(word)-2]
	} else if len(p.words) > 0 && (strings.EqualFold(p.words[0], "am") || strings.EqualFold(p.words[0], "pm")) {
		half = strings.ToLower(p.next())
	}
	return p.setClock(word, half)
}

func (p *parser) setClock(text, half string) bool {
	for _, layout := range []string{"15:04:05.999999999", "15:04:05", "15:04"} {
		t, err := time.Parse(layout, text)
		if err != nil {
			if len(text) == 4 {
				t, err = time.Parse(layout, "0"+text)
			}
			if err != nil {
				continue
			}
		}
		h := t.Hour()
		if half == "pm" && h < 12 {
			h += 12
		} else if half == "am" && h == 12 {
			h = 0
		}
		y, m, d := p.when.Date()
		p.when = time.Date(y, m, d, h, t.Minute(), t.Second(), t.Nanosecond(), p.zone)
		p.hasTime = true
		return true
	}
	return false
}

func (p *parser) zoneWord(word string) bool {
	switch strings.ToUpper(word) {
	case "Z", "UTC", "GMT", "UT":
		p.setZone(time.UTC)
		return true
	}
	if len(word) >= 3 && (word[0] == '+' || word[0] == '-') && p.hasTime {
		for _, layout := range []string{"-07:00", "-0700", "-07"} {
			if t, err := time.Parse(layout, word); err == nil && len(word) == len(layout) {
				_, seconds := t.Zone()
				p.setZone(time.FixedZone("", seconds))
				return true
			}
		}
	}
	return false
}

func (p *parser) setZone(zone *time.Location) {
	y, m, d := p.when.Date()
	h, minute, s := p.when.Clock()
	p.when = time.Date(y, m, d, h, minute, s, p.when.Nanosecond(), zone)
	p.hasZone = true
}

func (p *parser) relative(word string) bool {
	switch word {
	case "now":
		return true
	case "today":
		return true
	case "yesterday":
		p.days--
		return true
	case "tomorrow":
		p.days++
		return true
	case "midnight":
		return p.setClock("00:00", "")
	case "noon":
		return p.setClock("12:00", "")
	case "next", "last", "this":
		if len(p.words) == 0 {
			return false
		}
		n := map[string]int{"next": 1, "last": -1, "this": 0}[word]
		unit := strings.ToLower(p.words[0])
		if day, ok := weekdays(unit); ok {
			p.next()
			p.weekday, p.hasDay, p.ordinal = day, true, n
			return true
		}
		if !p.add(n, unit) {
			return false
		}
		p.next()
		return true
	}
	n, err := strconv.Atoi(strings.TrimPrefix(word, "+"))
	unit := ""
	if err != nil {
		digits := len(word) - len(strings.TrimLeft(word, "+-0123456789"))
		if digits == 0 {
			n, unit = 1, word // `day ago`
		} else if n, err = strconv.Atoi(strings.TrimPrefix(word[:digits], "+")); err != nil {
			return false
		} else {
			unit = word[digits:]
		}
	} else if len(p.words) > 0 {
		unit = strings.ToLower(p.words[0])
		if _, _, ok := unitOf(unit); ok {
			p.next()
		} else {
			return false
		}
	}
	if _, _, ok := unitOf(unit); !ok {
		return false
	}
	if len(p.words) > 0 && strings.EqualFold(p.words[0], "ago") {
		p.next()
		n = -n
	}
	return p.add(n, unit)
}

// unitOf gives a unit's kind (y, m, d or s) and factor.
func unitOf(unit string) (kind byte, factor int, ok bool) {
	switch strings.TrimSuffix(unit, "s") {
	case "year":
		return 'y', 1, true
	case "month":
		return 'm', 1, true
	case "fortnight":
		return 'd', 14, true
	case "week":
		return 'd', 7, true
	case "day":
		return 'd', 1, true
	case "hour":
		return 's', 3600, true
	case "minute", "min":
		return 's', 60, true
	case "second", "sec":
		return 's', 1, true
	}
	return 0, 0, false
}

func (p *parser) add(n int, unit string) bool {
	kind, factor, ok := unitOf(unit)
	switch kind {
	case 'y':
		p.years += n
	case 'm':
		p.months += n
	case 'd':
		p.days += n * factor
	case 's':
		p.shift += time.Duration(n*factor) * time.Second
	}
	return ok
}

func weekdays(word string) (int, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if word == name || word == name[:3] {
			return int(d), true
		}
	}
	return 0, false
}

// named reads weekdays and dates with month names: `Jan 2 2024`, `2 January 2024`.
func (p *parser) named(word string) bool {
	if day, ok := weekdays(word); ok {
		p.weekday, p.hasDay = day, true
		return true
	}
	m, ok := monthOf(word)
	day := 0
	if !ok && isDigits(word) && len(p.words) > 0 {
		if m, ok = monthOf(strings.ToLower(p.words[0])); ok {
			p.next()
			day, _ = strconv.Atoi(word)
		}
	}
	if !ok {
		return false
	}
	if day == 0 && len(p.words) > 0 && isDigits(p.words[0]) {
		day, _ = strconv.Atoi(p.next())
	}
	year := p.now.Year()
	for i, w := range p.words {
		if isDigits(w) && len(w) == 4 {
			year, _ = strconv.Atoi(w)
			p.words = append(append([]string{}, p.words[:i]...), p.words[i+1:]...)
			break
		}
	}
	p.setDate(year, m, max(day, 1))
	return true
}

func monthOf(word string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if word == name || word == name[:3] || m == time.September && word == "sept" {
			return m, true
		}
	}
	return 0, false
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

func (p *parser) result() time.Time {
	if (p.hasDate || p.hasDay) && !p.hasTime {
		y, m, d := p.when.Date()
		p.when = time.Date(y, m, d, 0, 0, 0, 0, p.zone)
	}
	if p.hasDay && !p.hasDate {
		ahead := (p.weekday - int(p.when.Weekday()) + 7) % 7
		switch {
		case p.ordinal > 0 && ahead == 0:
			ahead = 7
		case p.ordinal < 0:
			ahead -= 7
		}
		p.days += ahead
	}
	y, m, d := p.when.Date()
	h, minute, s := p.when.Clock()
	when := time.Date(y+p.years, m+time.Month(p.months), d+p.days, h, minute, s, p.when.Nanosecond(), p.when.Location())
	return when.Add(p.shift).In(p.zone)
}
