printf abc | md5sum
printf abc | sha1sum
printf abc | sha512sum | cut -c1-32
printf abc | sha256sum | awk '{print $1}'
sha256sum --tag VERSION
printf abc | cksum
