printf '#!/bin/sh\necho hi\n' > s; [ -x s ] && echo "executable without chmod" || echo "not executable"; ./s 2>/dev/null || echo "rc $?"
