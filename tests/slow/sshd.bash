# shellcheck shell=bash disable=SC2154
# A login of this user on this machine for a bats file: an sshd of its own on the loopback, with keys made for it. Comes
# after slurm.bash.

# start_sshd DIRECTORY: then `ssh -F DIRECTORY/config there` logs in.
start_sshd() {
    local keys=$1 port
    cluster=$keys
    mkdir -p -m 700 "$keys"
    ssh-keygen -q -t ed25519 -N '' -f "$keys/host"
    ssh-keygen -q -t ed25519 -N '' -f "$keys/user"
    port=$(free_port)
    cat >"$keys/config" <<END
Host there
    HostName 127.0.0.1
    Port $port
    IdentityFile $keys/user
    IdentitiesOnly yes
    BatchMode yes
    LogLevel ERROR
    StrictHostKeyChecking no
    UserKnownHostsFile $keys/known_hosts
END
    # root's sshd wants this folder, which packages leave to the service
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
    daemon sshd "$(command -v sshd)" -D -e -f /dev/null -p "$port" -h "$keys/host" -o ListenAddress=127.0.0.1 \
        -o AuthorizedKeysFile="$keys/user.pub" -o PidFile=none -o UsePAM=no -o StrictModes=no -o PermitRootLogin=yes
    poll 10 ssh -F "$keys/config" there true || {
        echo "sshd does not let in; it says:"
        tail -n 20 "$keys/sshd.out"
        stop_daemons
        return 1
    }
}
