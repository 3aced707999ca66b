cp logs/app.log a.log
gzip a.log && ls a.log*
zcat a.log.gz | head -1
gunzip -k a.log.gz && cmp a.log logs/app.log && echo same
rm a.log.gz
gzip -c a.log | gzip -dc | md5sum
gzip -9 -n -k a.log && gzip -t a.log.gz && echo valid
rm a.log.gz
