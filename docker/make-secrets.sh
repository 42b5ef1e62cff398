#!/bin/sh
# Makes the secrets of compose.yaml once; what is there already is kept.
# The folder is closed to others; the files must be readable for the users inside the containers.
set -eu
folder=${1:-$(dirname "$0")/secrets}
mkdir -p "$folder"
chmod 0700 "$folder"
for name in postgres_password redis_password django_key metrics_token; do
    [ -s "$folder/$name" ] && continue
    od -An -N 36 -tx1 /dev/urandom | tr -d ' \n' > "$folder/$name.new"
    chmod 0444 "$folder/$name.new"
    mv "$folder/$name.new" "$folder/$name"
    echo "made $folder/$name"
done
# Of a mail server that you have; empty until you write it there.
if [ ! -e "$folder/smtp_password" ]; then
    : > "$folder/smtp_password"
    chmod 0444 "$folder/smtp_password"
fi
