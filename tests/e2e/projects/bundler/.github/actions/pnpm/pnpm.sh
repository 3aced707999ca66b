#!/usr/bin/env bash
echo "pnpm $PNPM_HOME $*"
if [[ $2 == test-unit && $3 == 23 ]]; then echo broken > report.txt; exit 1; fi
