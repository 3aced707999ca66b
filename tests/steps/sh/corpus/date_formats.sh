date -u -d @1709632801 +%Y-%m-%dT%H:%M:%SZ
date -u -d '2024-03-05 10:00:01' +'%s %j %U %V %u %a %A %b %B %y %e|%k|%I %p'
date -u -d '2024-02-28 +2 days' +%F; date -u -d '2024-03-31 -1 month' +%F
date -u -d '2024-01-15T12:30:00Z' +%R; date -u -d '2024-01-15T12:30:00+02:00' +%T
date -u -d 'Jan 5 2023' +%F; date -u -d '5 March 2023 14:00' '+%F %T'
date -u -d '2024-03-05 1 week ago' +%F; date -u -d @0 -Iseconds; date -u -d @0 -R
date -u -d '2024-12-30' +%G-W%V; date -u -d '20240115' +%D
date -u -d '2024-01-01 00:00 UTC + 90 minutes' +%H:%M
date -d nonsense 2>/dev/null || echo "rc $?"
date -u -d '2024-03-05' '+%-d/%-m/%Y %N' | cut -c1-8; date +%Z
touch -d '2020-02-03 04:05:06' stamp && date -r stamp +%F; rm stamp
