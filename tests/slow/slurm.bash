# shellcheck shell=bash
# A cluster of one node for a bats file: munged, slurmctld and slurmd as processes of this user on the loopback, on free
# ports, with all they write under one directory; no systemd, no cgroups.
PATH=$PATH:/usr/sbin:/sbin

# free_port
free_port() {
    local port
    while true; do
        port=$((20000 + RANDOM))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
    done
    echo $port
}

# poll SECONDS COMMAND…: until it succeeds.
poll() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}

# daemon NAME COMMAND…: in the background, its pid in $cluster/pids; gone after five minutes whatever becomes of the tests.
daemon() {
    local name=$1
    shift
    timeout -k 5 300 "$@" >"$cluster/$name.out" 2>&1 3>&- </dev/null &
    echo $! >>"$cluster/pids"
}

idle() { [ "$(sinfo -h -o %T 2>/dev/null)" = idle ]; }

# write_slurm_conf: two cores; arrays of at most 11 tasks.
write_slurm_conf() {
    local user host
    user=$(id -un)
    host=$(hostname -s)
    # there is no cgroup in use; where Slurm finds none at all it wants to be told a kind of them
    cat >"$cluster/cgroup.conf" <<END
CgroupPlugin=cgroup/v1
CgroupMountpoint=$cluster/cgroup
END
    cat >"$SLURM_CONF" <<END
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$cluster/munge/socket
CredType=cred/munge
StateSaveLocation=$cluster/state
SlurmdSpoolDir=$cluster/spool
SlurmctldPidFile=$cluster/slurmctld.pid
SlurmdPidFile=$cluster/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
MailProg=/bin/true
ReturnToService=2
KillWait=10
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MaxArraySize=12
NodeName=here NodeHostname=$host NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=here Default=YES MaxTime=10 State=UP
END
}

# start_slurm DIRECTORY
start_slurm() {
    cluster=$1
    export SLURM_CONF=$cluster/slurm.conf
    mkdir -p "$cluster"/{munge,state,spool,cgroup}
    chmod 755 "$cluster" "$cluster/munge"
    head -c 128 /dev/urandom >"$cluster/munge/key"
    chmod 400 "$cluster/munge/key"
    daemon munged munged --foreground --force --socket="$cluster/munge/socket" --key-file="$cluster/munge/key" \
        --log-file="$cluster/munge/log" --pid-file="$cluster/munge/pid" --seed-file="$cluster/munge/seed"
    poll 10 test -S "$cluster/munge/socket" || slurm_failed
    write_slurm_conf
    daemon slurmctld slurmctld -D -i
    daemon slurmd slurmd -D -N here
    poll 30 idle || slurm_failed
}

slurm_failed() {
    echo "Slurm does not start; its daemons say:"
    tail -n 20 "$cluster"/*.out
    stop_slurm
    return 1
}

# stop_slurm: its jobs first, then what start_slurm started.
stop_slurm() {
    scancel --user="$(id -un)" 2>/dev/null || true
    poll 15 queue_empty || true
    stop_daemons
}

stop_daemons() {
    local pid
    while read -r pid; do kill "$pid" 2>/dev/null || true; done <"$cluster/pids"
    while read -r pid; do poll 10 gone "$pid"; done <"$cluster/pids"
}

gone() { ! kill -0 "$1" 2>/dev/null; }

queue_empty() { [ -z "$(squeue -h 2>/dev/null)" ]; }
