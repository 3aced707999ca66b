printf '%s\n' v1.0.0 v1.0.0-rc.1 v1.0.0-rc.10 v1.0.0-rc.2 v0.9.9 v1.0.10 v1.0.9 | sort -V
printf '%s\n' pkg-1.2.tar.gz pkg-1.10.tar.gz pkg-1.9.1.tar.gz | sort -V | tail -1
printf '%s\n' 2.0 1.0~beta 1.0 1.0a | sort -V
