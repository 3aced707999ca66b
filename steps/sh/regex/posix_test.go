package regex

import "testing"

// Translations are compared by what they match: leftmost, then longest.
func TestCompileMatchesAsPosixDoes(t *testing.T) {
	cases := []struct {
		pattern  string
		extended bool
		text     string
		want     string // what is matched; "-" for nothing
	}{
		{`a\+b`, false, "xaab", "aab"},
		{`a+b`, false, "aab", "-"},
		{`a+b`, false, "a+b", "a+b"},
		{`a+b`, true, "aab", "aab"},
		{`\(ab\)*c`, false, "ababc", "ababc"},
		{`*a`, false, "*a", "*a"},
		{`^*a`, false, "*a", "*a"},
		{`a\{2,3\}`, false, "aaaa", "aaa"},
		{`a{2}`, false, "a{2}", "a{2}"},
		{`x|xy`, true, "xyz", "xy"},
		{`x\|xy`, false, "xyz", "xy"},
		{`a|b`, false, "a|b", "a|b"},
		{`[]a]`, false, "]", "]"},
		{`[^]a]`, false, "]ab", "b"},
		{`[\n]`, true, "\n", "\n"},
		{`[a\]`, false, `\`, `\`},
		{`[[:digit:]-]+`, true, "a1-2", "1-2"},
		{`a$b`, false, "a$b", "a$b"},
		{`a^b`, false, "a^b", "a^b"},
		{`\<foo\>`, true, "a foo b", "foo"},
		{`\.`, true, "a.b", "."},
		{`(^|,)b`, true, "a,b", ",b"},
		{`(a)(b)\2\1`, true, "xabba", "abba"},
		{`^(.*)-\1$`, true, "ab-ab", "ab-ab"},
		{`\(.\)\1`, false, "abccd", "cc"},
		{`(.)\1{2}`, true, "xaaab", "aaa"},
	}
	for _, c := range cases {
		re, err := Compile(c.pattern, Options{Extended: c.extended})
		if err != nil {
			t.Errorf("%q: %v", c.pattern, err)
			continue
		}
		got := "-"
		if loc := re.Find([]byte(c.text), 0); loc != nil {
			got = c.text[loc[0]:loc[1]]
		}
		if got != c.want {
			t.Errorf("%q in %q: got %q, want %q", c.pattern, c.text, got, c.want)
		}
	}
}

func TestCompileRefusesWhatPosixRefuses(t *testing.T) {
	for _, pattern := range []string{`(`, `a)`, `[a`, `a\`, `[[:nope:]]`} {
		if _, err := Compile(pattern, Options{Extended: true}); err == nil {
			t.Errorf("%q was accepted", pattern)
		}
	}
}
