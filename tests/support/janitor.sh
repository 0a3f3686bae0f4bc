# Keeps one test run tidy: starts its PostgreSQL when told to, and when the
# pipe of the tests closes (they ended, panicked or were killed) stops it and
# removes the folder of the run.
#   $1  folder of the run
# Orders on standard input, one a line: FOLDER-OF-PROGRAMS [USER]
set -u
folder=$1
postgres=

start() {
    bin=$1 user=${2-} home=$folder/pg
    mkdir -m 700 "$home" || return
    run=
    if [ -n "$user" ]; then
        chown "$user" "$home" || return
        run="setpriv --reuid=$user --regid=$user --clear-groups"
    fi
    cd "$home" || return
    $run "$bin/initdb" --pgdata="$home/data" --username=postgres --auth=trust \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$home.log" 2>&1 || return
    # Never on the network; what a crash would lose is thrown away anyway.
    $run "$bin/postgres" -D "$home/data" -k "$home" -c listen_addresses= -c max_connections=300 \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off \
        -c timezone=America/New_York >>"$home.log" 2>&1 &
    postgres=$!
    tries=0
    until "$bin/pg_isready" -q -h "$home"; do
        kill -0 "$postgres" 2>/dev/null && [ "$tries" -lt 300 ] || return
        tries=$((tries + 1))
        sleep 0.1
    done
}

while read -r bin user; do
    if start "$bin" "$user"; then echo ready; else echo failed; fi
done

if [ -n "$postgres" ]; then
    kill -QUIT "$postgres" 2>/dev/null
    wait "$postgres"
fi
cd /
rm -rf "$folder"
