awk -F ' *= *' '/^\[/ { section = $0 } section == "[database]" && $1 == "port" { print $2 }' config/app.ini
sed -n '/^\[server\]/,/^\[/{s/^host = //p;}' config/app.ini
sed -i '/^\[server\]/,/^\[/s/^port = .*/port = 9090/' config/app.ini
grep -n port config/app.ini
