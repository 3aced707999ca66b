package clock

import (
	"testing"
	"time"
)

var now = time.Date(2024, 3, 5, 10, 20, 30, 0, time.UTC) // a Tuesday

func TestParseReadsTheFormsOfDate(t *testing.T) {
	cases := map[string]string{
		"now":                        "2024-03-05 10:20:30",
		"@86400":                     "1970-01-02 00:00:00",
		"2024-01-15":                 "2024-01-15 00:00:00",
		"2024-01-15 14:30":           "2024-01-15 14:30:00",
		"2024-01-15T14:30:00Z":       "2024-01-15 14:30:00",
		"2024-01-15T14:30:00+02:00":  "2024-01-15 12:30:00",
		"2024-01-31 + 1 day":         "2024-02-01 00:00:00",
		"2024-03-31 -1 month":        "2024-03-02 00:00:00",
		"yesterday":                  "2024-03-04 10:20:30",
		"2 days ago":                 "2024-03-03 10:20:30",
		"next week":                  "2024-03-12 10:20:30",
		"last year":                  "2023-03-05 10:20:30",
		"monday":                     "2024-03-11 00:00:00",
		"next friday":                "2024-03-08 00:00:00",
		"3 hours":                    "2024-03-05 13:20:30",
		"Jan 2 2023":                 "2023-01-02 00:00:00",
		"2 January 2023 3:04pm":      "2023-01-02 15:04:00",
		"Mon, 04 Mar 2024 08:00 UTC": "2024-03-04 08:00:00",
	}
	for text, want := range cases {
		got, err := Parse(text, now)
		if err != nil {
			t.Errorf("%q: %v", text, err)
		} else if got.Format(time.DateTime) != want {
			t.Errorf("%q: got %s, want %s", text, got.Format(time.DateTime), want)
		}
	}
	for _, text := range []string{"nonsense", "2024-13-01", "12 parsecs"} {
		if when, err := Parse(text, now); err == nil {
			t.Errorf("%q was read as %s", text, when)
		}
	}
}

func TestFormatKnowsFlagsAndWidths(t *testing.T) {
	cases := map[string]string{
		"%Y-%m-%d": "2024-03-05", "%-d/%-m": "5/3", "%_d|%e": " 5| 5", "%j %U %V %u": "065 09 10 2",
		"%3N": "000", "%^b %a %B": "MAR Tue March", "%s": "1709634030", "%:z %z": "+00:00 +0000", "%%": "%", "%Q": "%Q",
	}
	for layout, want := range cases {
		if got := Format(now, layout); got != want {
			t.Errorf("%q: got %q, want %q", layout, got, want)
		}
	}
}
