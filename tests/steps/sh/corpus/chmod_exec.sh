printf '#!/bin/sh\necho ran\n' > run.sh; chmod +x run.sh; ./run.sh; chmod 644 run.sh; stat -c %a run.sh; chmod 755 run.sh; stat -c %a run.sh; chmod u=rwx,g=rx,o= run.sh; stat -c %a run.sh
