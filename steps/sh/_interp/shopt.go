// shopt -q and -p.

package interp

// shoptHarmless accepts options that change nothing here.
func (r *Runner) shoptHarmless(args []string) bool {
	harmless := len(args) > 1 && (args[0] == "-s" || args[0] == "-u")
	for _, name := range args[min(1, len(args)):] {
		opt, supported := r.bashOptByName(name)
		harmless = harmless && opt != nil && !supported
	}
	return harmless
}

func (r *Runner) shoptQuery(args []string) uint8 {
	posix, quiet, set := false, false, byte(0)
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		for _, letter := range args[0][1:] {
			switch letter {
			case 'o':
				posix = true
			case 'q':
				quiet = true
			case 's', 'u':
				set = byte(letter)
			}
		}
		args = args[1:]
	}
	code := uint8(0)
	for _, name := range args {
		opt, _ := r.bashOptByName(name)
		if posix {
			opt = r.posixOptByName(name)
		}
		if opt == nil {
			r.complain("shopt: %s: invalid shell option name", name)
			code = 1
			continue
		}
		if set != 0 {
			*opt = set == 's'
			continue
		}
		if !*opt {
			code = 1
		}
		letter := "u"
		if *opt {
			letter = "s"
		}
		if !quiet {
			r.outf("shopt -%s %s\n", letter, name)
		}
	}
	r.updateExpandOpts()
	return code
}
