uname -m; whoami; nproc
