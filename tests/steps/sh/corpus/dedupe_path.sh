p="/a:/b:/a:/c:/b"; new=; IFS=:; for d in $p; do case ":$new:" in *":$d:"*) ;; *) new=${new:+$new:}$d ;; esac; done; unset IFS; echo "$new"
