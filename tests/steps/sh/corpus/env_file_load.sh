set -a
. ./config/env.example
set +a
echo "$DB_HOST $DB_PORT [$EMPTY] $API_KEY"
env | grep '^DB_' | sort
