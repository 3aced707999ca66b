package applets

// Lookup finds the applet called name.
func Lookup(name string) (Applet, bool) {
	for i := range table {
		if table[i].name == name {
			return table[i].run, true
		}
	}
	return nil, false
}

// table is an array, not a map: it costs nothing when the module starts.
var table = [...]struct {
	name string
	run  Applet
}{
	{"cat", cat},
	{"sleep", sleep},
}
