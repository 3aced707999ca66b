package applets

// drain prints the trailing context of the last match that -m allows.
func (g *grepRun) drain(lines *lineReader, name string, number, pending int, quiet bool) {
	for ; pending > 0 && !quiet; pending-- {
		line, _, ok := lines.next()
		if !ok || g.selects(line) {
			return
		}
		number++
		g.print(name, number, 0, line, '-')
	}
}

func (g *grepRun) summary(name string, count int) {
	end := "\n"
	if g.o.has("Z") {
		end = "\x00"
	}
	switch {
	case g.o.has("q") || g.o.has("silent"):
	case g.o.has("l"):
		if count > 0 {
			g.c.Puts(name + end)
		}
	case g.o.has("L"):
		if count == 0 {
			g.c.Puts(name + end)
		}
	case g.o.has("c"):
		if g.names {
			g.c.Puts(name + ":")
		}
		g.c.Printf("%d\n", count)
	}
}

func (g *grepRun) prefix(name string, number, offset int, mark byte) {
	if g.names {
		g.c.Puts(name)
		if g.o.has("Z") {
			g.c.Puts("\x00")
		} else {
			g.c.Write([]byte{mark})
		}
	}
	if g.o.has("n") {
		g.c.Printf("%d%c", number, mark)
	}
	if g.o.has("b") {
		g.c.Printf("%d%c", offset, mark)
	}
}

func (g *grepRun) print(name string, number, offset int, line []byte, mark byte) {
	if g.o.has("o") {
		return
	}
	g.prefix(name, number, offset, mark)
	g.c.Write(line)
	g.c.Write([]byte{g.delim})
}

func (g *grepRun) show(name string, number, offset int, line []byte) {
	if !g.o.has("o") {
		if g.o.value("color", g.o.value("colour", "")) == "always" && !g.o.has("v") {
			g.prefix(name, number, offset, ':')
			g.colour(line)
			return
		}
		g.print(name, number, offset, line, ':')
		return
	}
	if g.o.has("v") {
		return
	}
	for from := 0; from <= len(line); {
		loc := g.find(line, from)
		if loc == nil {
			return
		}
		if loc[0] == loc[1] {
			from = loc[1] + 1
			continue
		}
		g.prefix(name, number, offset+loc[0], ':')
		g.c.Write(line[loc[0]:loc[1]])
		g.c.Write([]byte{g.delim})
		from = loc[1]
	}
}

func (g *grepRun) colour(line []byte) {
	from := 0
	for from <= len(line) {
		loc := g.find(line, from)
		if loc == nil || loc[0] == loc[1] {
			break
		}
		g.c.Write(line[from:loc[0]])
		g.c.Puts("\x1b[01;31m\x1b[K")
		g.c.Write(line[loc[0]:loc[1]])
		g.c.Puts("\x1b[m\x1b[K")
		from = loc[1]
	}
	g.c.Write(line[min(from, len(line)):])
	g.c.Write([]byte{g.delim})
}
